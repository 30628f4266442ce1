package dev.loopline.runtime.io;

/**
 * What a worker sleeps on: a source of events, such as a selector, guarded by a
 * {@link DriverToken}.
 */
public interface IoDriver {

	/**
	 * Dispatches the events that are ready, after blocking for the first of them if the
	 * context allows. Never runs user code: an event is handed to its strand. Called by
	 * the holder of the token.
	 * @param context says whether and until when to block
	 * @return the number of events that were dispatched
	 */
	int poll(PollContext context);

	/**
	 * Ends the current or, if none is under way, the next blocking poll. Called from any
	 * thread; does nothing for the holder of the token.
	 */
	void wakeup();

	/**
	 * Returns whether work for the holder of the token is waiting, so that a poll must
	 * not block. Called from any thread.
	 * @return whether there is work; never, for a driver that is given none
	 */
	default boolean hasWork() {
		return false;
	}

	/**
	 * Closes everything that is registered, by posting to its strand. Called, possibly
	 * more than once, by the holder of the token. Does nothing for a driver with which
	 * nothing is registered.
	 */
	default void prepareToDestroy() {
	}

	/**
	 * Frees the resources of this driver. Called once, by the holder of the token, as the
	 * last call of all. Does nothing for a driver without resources.
	 */
	default void destroy() {
	}

	/**
	 * Returns what this driver has done so far. Called from any thread.
	 * @return a snapshot
	 */
	default DriverSnapshot snapshot() {
		return DriverSnapshot.NONE;
	}

	/**
	 * Decorates the main loop of the thread that first runs the worker, for thread-bound
	 * set-up. Called once, before the thread starts.
	 * @param loop the loop
	 * @return the loop to run instead
	 */
	default Runnable decorate(Runnable loop) {
		return loop;
	}

	/**
	 * What a poll asks its worker.
	 */
	interface PollContext {

		/**
		 * Returns whether the poll may block: there is nothing else to do. To be asked
		 * again after the driver has armed its wake-up.
		 * @return whether to block
		 */
		boolean canBlock();

		/**
		 * Returns when a blocking poll must end.
		 * @return a reading of {@link System#nanoTime()}, or {@link Long#MAX_VALUE} for
		 * never
		 */
		long deadlineNanos();

	}

	/**
	 * Makes the driver of a worker.
	 */
	@FunctionalInterface
	interface Factory {

		/**
		 * Makes a driver.
		 * @param token the token that guards it
		 * @return the driver
		 */
		IoDriver create(DriverToken token);

	}

}
