package dev.loopline.runtime;

import org.jspecify.annotations.Nullable;

/**
 * The fields of a {@link PollState}.
 */
abstract class PollStateFields extends Padding {

	volatile long start;

	/** The strand of the running or last poll. Published by the start. */
	@Nullable Work running;

}
