package dev.loopline.runtime;

import dev.loopline.runtime.internal.queue.Padding;

/**
 * The counters of {@link WorkerStats}.
 */
abstract class WorkerStatsFields extends Padding {

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

}
