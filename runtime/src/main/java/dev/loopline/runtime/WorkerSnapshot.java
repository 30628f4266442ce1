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
 * @param polls its polls of strands and tasks
 * @param search how it looked for work
 * @param queue its queue
 * @param io its I/O and timers
 */
public record WorkerSnapshot(int index, String thread, Duration busy, Duration runningFor, Polls polls, Search search,
		Queue queue, Io io) {

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
				Duration.ofNanos(sum.busyNanos + running), Duration.ofNanos(running),
				new Polls(sum.polls, sum.yields, sum.pollTime.snapshot(sum.busyNanos)),
				new Search(sum.parks, sum.noops, sum.steals, sum.stealOperations),
				new Queue(queued, sum.localSchedules, sum.overflows, sum.scheduleLatency.snapshot(sum.queuedNanos)),
				new Io(sum.driverPolls, sum.peerDriverPolls, sum.ioEvents, worker.timersArmed(),
						worker.driver.snapshot()));
	}

	/**
	 * Polls.
	 *
	 * @param count polls of strands and tasks
	 * @param yields those that ended with work left
	 * @param time how long they took
	 */
	public record Polls(long count, long yields, HistogramSnapshot time) {
	}

	/**
	 * How a worker looked for work.
	 *
	 * @param parks times it went to sleep
	 * @param noops times it woke up and found nothing
	 * @param steals strands taken from other threads
	 * @param stealOperations times it took some
	 */
	public record Search(long parks, long noops, long steals, long stealOperations) {
	}

	/**
	 * The queue of a worker.
	 *
	 * @param depth strands in it
	 * @param localSchedules strands woken by the worker's own strands or its driver
	 * @param overflows times it was full
	 * @param latency how long strands waited in queues before the worker polled them
	 */
	public record Queue(int depth, long localSchedules, long overflows, HistogramSnapshot latency) {
	}

	/**
	 * I/O and timers.
	 *
	 * @param polls times the worker polled a driver
	 * @param peerPolls times it polled the driver of another worker with success
	 * @param events I/O events and timers that it dispatched
	 * @param timersArmed timers on its wheel
	 * @param driver what its driver did
	 */
	public record Io(long polls, long peerPolls, long events, int timersArmed, DriverSnapshot driver) {
	}

}
