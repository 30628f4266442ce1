package dev.loopline.runtime;

/**
 * What one worker thread did. Single writer: only the thread itself adds; readers see
 * values that are at most a few polls old.
 */
final class WorkerStats extends WorkerStatsPadding {

	long polls;

	long busyNanos;

	long parks;

	long noops;

	long steals;

	long stealOperations;

	long localSchedules;

	long overflows;

	long yields;

	long driverPolls;

	long peerDriverPolls;

	long ioEvents;

	/**
	 * Adds what another thread has counted so far.
	 */
	void add(WorkerStats other) {
		this.polls += other.polls;
		this.busyNanos += other.busyNanos;
		this.parks += other.parks;
		this.noops += other.noops;
		this.steals += other.steals;
		this.stealOperations += other.stealOperations;
		this.localSchedules += other.localSchedules;
		this.overflows += other.overflows;
		this.yields += other.yields;
		this.driverPolls += other.driverPolls;
		this.peerDriverPolls += other.peerDriverPolls;
		this.ioEvents += other.ioEvents;
	}

}
