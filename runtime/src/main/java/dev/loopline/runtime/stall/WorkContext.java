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
	 * Returns whether nobody is to be blamed when this keeps a thread for long, as it
	 * only watches the application: what it does is a {@link Stall}, but it is no
	 * {@link Culprit} and not in the log. Called by any thread at any time.
	 * @return by default {@code false}
	 */
	default boolean isBlameless() {
		return false;
	}

}
