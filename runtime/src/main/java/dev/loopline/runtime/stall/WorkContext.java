package dev.loopline.runtime.stall;

/**
 * What a strand is working for at the moment, such as a request. Set by whoever gives the
 * strand its work, through its instrumentation, and asked only when the strand stalls.
 */
@FunctionalInterface
public interface WorkContext {

	/**
	 * Describes the work. Called by any thread at any time, also when the work is over.
	 * @return the description
	 */
	WorkDescription describe();

	/**
	 * Takes note that the running poll has lost its worker, as it kept it for too long.
	 * Called at that moment, by the thread that goes on with the worker: whoever knows
	 * what will stall next can keep that from it. Must be quick, and may be called when
	 * the work is already over.
	 * @param kind what the thread was seen to do
	 * @param loading whether it was loading a class, which happens once per class
	 */
	default void stalled(Stall.Kind kind, boolean loading) {
	}

	/**
	 * Returns whether nobody is to be blamed when this keeps a thread for long, as it
	 * only watches the application: what it does is a {@link Stall}, but it is no
	 * {@link Culprit} and not in the log. Called by any thread at any time.
	 * @return by default {@code false}
	 */
	default boolean isBlameless() {
		return false;
	}

}
