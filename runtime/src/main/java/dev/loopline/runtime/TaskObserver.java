package dev.loopline.runtime;

import dev.loopline.runtime.stall.Stall;

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
	 * The task has kept its thread for longer than the stall threshold. Called when the
	 * task ends, before {@link #onTerminate()}.
	 * @param stall the stall, which may not have ended if it is that of the last poll
	 */
	default void onStall(Stall stall) {
	}

	/**
	 * The task has ended: its handle has the outcome. Not within a poll.
	 */
	default void onTerminate() {
	}

}
