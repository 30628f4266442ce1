package dev.loopline.runtime;

import java.util.function.IntSupplier;

/**
 * How long whatever is queued waits for a worker at the least: the honest sign of a
 * server that is asked for more than it can do. Written by the monitor, so there is none
 * with one thread; safe to be read by many threads.
 */
public final class QueueDelay {

	/*-
	 * The standing queue
	 * ------------------
	 * A queue that is empty now and then is a buffer that does its work, however long it was meanwhile. Only
	 * what the luckiest has waited in a while is delay that nobody has any use of (CoDel, RFC 8289). So the
	 * delay of a worker is the shortest wait in its line within an interval, and that of the runtime the
	 * shortest of its workers': one queue that lags does not make an overload.
	 *
	 * A worker that slept has found nothing to run or to steal, and then there is no delay, however long
	 * the queue of another is. But of the workers that are more than the processors, some sleep though
	 * there is work: those do not count.
	 *
	 * A worker whose poll takes the whole interval says nothing.
	 */

	/** As in CoDel: some round trips, and long beside a poll. */
	static final long INTERVAL_NANOS = 100_000_000;

	private final IntSupplier processors;

	private long last;

	/** Written before the intervals. */
	private volatile long nanos;

	private volatile long intervals;

	QueueDelay(IntSupplier processors, long now) {
		this.processors = processors;
		this.last = now;
	}

	/**
	 * Ends an interval if it is time to.
	 */
	@SuppressWarnings("NonAtomicVolatileUpdate") // single writer
	void tick(long now, Worker[] workers) {
		if (now - this.last < INTERVAL_NANOS) {
			return;
		}
		this.last = now;
		this.nanos = takeDelay(workers);
		this.intervals++;
	}

	private long takeDelay(Worker[] workers) {
		long shortest = Long.MAX_VALUE;
		int spare = Math.max(0, workers.length - this.processors.getAsInt());
		for (Worker worker : workers) {
			WorkerThread owner = worker.owner;
			if (owner == null) {
				continue;
			}
			long wait = owner.queueWaits.takeShortest();
			if (!owner.queueWaits.takeRest(owner.stats, owner.pollStart() > 0)) {
				shortest = Math.min(shortest, wait);
			}
			else if (--spare < 0) {
				shortest = 0;
			}
		}
		return (shortest != Long.MAX_VALUE) ? shortest : 0;
	}

	/**
	 * Returns the delay in the last interval.
	 * @return nanoseconds, rounded down by at most a fifth; zero if a worker had nothing
	 * to do
	 */
	public long nanos() {
		return this.nanos;
	}

	/**
	 * Returns how many intervals of a tenth of a second, or a little more, have ended
	 * since the start.
	 * @return a number that changes when there is a new delay
	 */
	public long intervals() {
		return this.intervals;
	}

}
