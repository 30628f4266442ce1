package dev.loopline.runtime;

/**
 * Whether the monitor may sleep for long, as every worker sleeps. Safe for use by many
 * threads.
 */
final class MonitorRest {

	/*-
	 * The monitor says that it rests and looks whether a worker is awake after all; a worker that has woken
	 * up is counted as awake and looks whether the monitor rests. Each writes before it reads, so that one
	 * of them sees the other.
	 */

	private final IdleSet idleSet;

	private volatile boolean resting;

	MonitorRest(IdleSet idleSet) {
		this.idleSet = idleSet;
	}

	/**
	 * Begins or goes on with a rest. Only for the monitor.
	 * @return {@code false} if a worker is awake
	 */
	boolean begin() {
		this.resting = true;
		if (!this.idleSet.isAsleep()) {
			this.resting = false;
		}
		return this.resting;
	}

	/**
	 * Ends a rest, if there is one. For any thread.
	 * @return whether the monitor must be woken up
	 */
	boolean end() {
		if (!this.resting) {
			return false;
		}
		this.resting = false;
		return true;
	}

	boolean isResting() {
		return this.resting;
	}

}
