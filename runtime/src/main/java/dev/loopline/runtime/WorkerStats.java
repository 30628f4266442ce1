package dev.loopline.runtime;

/**
 * What one worker thread did. Single writer: only the thread itself adds; readers see
 * values that are at most a few polls old.
 */
final class WorkerStats extends Padding {

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

	long tasksSpawned;

	long tasksEnded;

	/** Time that strands waited in queues before they were polled. */
	long queuedNanos;

	final LogHistogram pollTime = new LogHistogram();

	final LogHistogram scheduleLatency = new LogHistogram();

	/**
	 * Counts polls, of which at most one took long.
	 */
	void polled(int polls, long nanos) {
		this.polls += polls;
		this.busyNanos += nanos;
		this.pollTime.record(nanos, 1);
		this.pollTime.record(0, polls - 1);
	}

	/**
	 * Counts a wait that stands for several.
	 */
	void waited(long nanos, int weight) {
		this.queuedNanos += weight * nanos;
		this.scheduleLatency.record(nanos, weight);
	}

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
		this.queuedNanos += other.queuedNanos;
		this.pollTime.add(other.pollTime);
		this.scheduleLatency.add(other.scheduleLatency);
		this.tasksSpawned += other.tasksSpawned;
		this.tasksEnded += other.tasksEnded;
	}

}
