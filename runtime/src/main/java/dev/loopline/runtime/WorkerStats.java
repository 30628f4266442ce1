package dev.loopline.runtime;

import dev.loopline.runtime.internal.queue.Padding;

/**
 * What one worker thread did. Single writer: only the thread itself adds; readers see
 * values that are at most a few polls old.
 */
final class WorkerStats extends WorkerStatsFields {

	/** What follows may be another thread's; see {@link Padding}. */
	@SuppressWarnings("unused")
	private long q0, q1, q2, q3, q4, q5, q6, q7, q8, q9, q10, q11, q12, q13, q14, q15;

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
