package dev.loopline.runtime;

import dev.loopline.runtime.internal.queue.Padding;

/**
 * The fields of a {@link PollClock} that change.
 */
abstract class PollClockFields extends Padding {

	/** The last reading. */
	long now;

	/** Polls since then. */
	int batch;

	/** Quick polls in a row. */
	int quick;

	/** Tasks until the next sample: at random, so that no pattern of theirs is missed. */
	int unsampled;

}
