package dev.loopline.runtime;

/**
 * How long work has waited in the line of one thread, for the {@link QueueDelay}. What
 * was woken last, what is pinned and what has priority jumps the line and tells nothing
 * of it.
 */
final class QueueWaits {

	/** Written by the thread. */
	private final LogHistogram waits = new LogHistogram();

	/** What the waits were at the last look. Only for the monitor. */
	private final long[] seen = new long[LogHistogram.BUCKETS];

	private long parksSeen;

	private long pollsSeen;

	/**
	 * Counts a wait. Only for the thread.
	 */
	void record(long nanos) {
		this.waits.record(nanos, 1);
	}

	/**
	 * Returns the shortest wait since the last call, rounded down by at most a fifth.
	 * Only for the monitor.
	 * @return {@link Long#MAX_VALUE} if there was none
	 */
	long takeShortest() {
		long shortest = Long.MAX_VALUE;
		for (int i = LogHistogram.BUCKETS - 1; i >= 0; i--) {
			long count = this.waits.count(i);
			if (count != this.seen[i]) {
				this.seen[i] = count;
				shortest = (i > 0) ? LogHistogram.upperBound(i - 1) : 0;
			}
		}
		return shortest;
	}

	/**
	 * Returns whether the thread has slept since the last call. Only for the monitor.
	 * @param polling whether it is in a poll now
	 */
	boolean takeRest(WorkerStats stats, boolean polling) {
		boolean parked = stats.parks != this.parksSeen;
		boolean polled = polling || stats.polls != this.pollsSeen;
		this.parksSeen = stats.parks;
		this.pollsSeen = stats.polls;
		return parked || !polled;
	}

}
