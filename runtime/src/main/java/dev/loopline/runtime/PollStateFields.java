package dev.loopline.runtime;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.internal.queue.Padding;

/**
 * The fields of a {@link PollState}.
 */
abstract class PollStateFields extends Padding {

	volatile long start;

	/** The strand of the running or last poll. Published by the start. */
	@Nullable Work running;

}
