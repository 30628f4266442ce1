package dev.loopline.runtime;

/**
 * Told what happens to one task. What it throws is logged. Called by one thread at a
 * time.
 */
public interface TaskObserver {

	/**
	 * A poll begins on the calling thread.
	 */
	default void beforePoll() {
	}

	/**
	 * The poll ends, on the same thread.
	 */
	default void afterPoll() {
	}

	/**
	 * The task has failed, and ends.
	 * @param cause what its body threw
	 */
	default void onFailure(Throwable cause) {
	}

	/**
	 * The task has ended: its handle has the outcome. Not within a poll.
	 */
	default void onTerminate() {
	}

}
