package dev.loopline.runtime;

import java.time.Duration;

import dev.loopline.runtime.io.DriverSnapshot;

/**
 * What a worker had done at one moment. Immutable.
 *
 * @param index the number of the worker
 * @param thread the name of the thread that runs it, empty if none does
 * @param busy the time spent in polls, the running one included
 * @param runningFor how long the running poll has lasted, zero if none runs
 * @param polls polls of strands
 * @param parks times it went to sleep
 * @param noops times it woke up and found nothing
 * @param steals strands taken from other threads
 * @param stealOperations times it took some
 * @param localSchedules strands woken by its own strands or its driver
 * @param overflows times its queue was full
 * @param yields polls that ended with work left
 * @param driverPolls times it polled a driver
 * @param peerDriverPolls times it polled the driver of another worker with success
 * @param ioEvents I/O events and timers that it dispatched
 * @param queueDepth strands in its queue
 * @param timersArmed timers on its wheel
 * @param pollTime how long its polls took
 * @param scheduleLatency how long strands waited in queues before it polled them
 * @param driver what its driver did
 */
public record WorkerSnapshot(int index, String thread, Duration busy, Duration runningFor, long polls, long parks,
		long noops, long steals, long stealOperations, long localSchedules, long overflows, long yields,
		long driverPolls, long peerDriverPolls, long ioEvents, int queueDepth, int timersArmed,
		HistogramSnapshot pollTime, HistogramSnapshot scheduleLatency, DriverSnapshot driver) {

	static WorkerSnapshot of(Worker worker, WorkerStats retired, WorkerThread[] threads, long now) {
		WorkerStats sum = new WorkerStats();
		sum.add(retired);
		int queued = 0;
		long running = 0;
		for (WorkerThread candidate : threads) {
			if (candidate.worker() == worker) {
				sum.add(candidate.stats);
				queued += candidate.queueDepth();
				long start = candidate.pollStart();
				running += (start > 0) ? Math.max(0, now - start) : 0;
			}
		}
		WorkerThread owner = worker.owner;
		return new WorkerSnapshot(worker.index, (owner != null) ? owner.toString() : "",
				Duration.ofNanos(sum.busyNanos + running), Duration.ofNanos(running), sum.polls, sum.parks, sum.noops,
				sum.steals, sum.stealOperations, sum.localSchedules, sum.overflows, sum.yields, sum.driverPolls,
				sum.peerDriverPolls, sum.ioEvents, queued, worker.timersArmed(), sum.pollTime.snapshot(sum.busyNanos),
				sum.scheduleLatency.snapshot(sum.queuedNanos), worker.driver.snapshot());
	}

}
