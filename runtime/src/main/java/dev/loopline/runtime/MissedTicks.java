package dev.loopline.runtime;

/**
 * What an {@link Interval} does when nobody asked for a tick in time.
 */
public enum MissedTicks {

	/** Ticks at once until it has caught up. */
	BURST,

	/** Starts a new period at the late tick. */
	DELAY,

	/** Leaves out what was missed and goes on in step. */
	SKIP

}
