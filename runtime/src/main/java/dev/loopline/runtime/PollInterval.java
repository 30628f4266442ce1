package dev.loopline.runtime;

/**
 * How many polls lie between two looks at the injector. Not thread-safe: every worker
 * thread owns one.
 */
final class PollInterval {

	/*-
	 * A fixed interval is too long when polls are long and too costly when they are short. As in
	 * Tokio, the interval is the number of polls that take 200 us at the mean length of a poll, an
	 * exponentially weighted one: n polls replace 1 - 0.9^n of it.
	 */

	/** Time between two looks. Tokio's TARGET_GLOBAL_QUEUE_INTERVAL. */
	private static final double TARGET_NANOS = 200_000;

	/** Interval until the first tuning. Tokio's, copied from Go. */
	private static final int INITIAL = 61;

	private static final int MIN = 2;

	private static final int MAX = 127;

	private static final double KEPT_PER_POLL = 0.9;

	private final boolean tuned;

	private int interval;

	/** The tick of the next look. */
	private int next;

	private double meanPollNanos = TARGET_NANOS / INITIAL;

	private long polls;

	private long busyNanos;

	private PollInterval(boolean tuned, int interval) {
		this.tuned = tuned;
		this.interval = interval;
		this.next = interval;
	}

	static PollInterval of(TaskRuntimeConfig config) {
		int fixed = config.globalQueueInterval();
		return (fixed == 0) ? new PollInterval(true, INITIAL) : new PollInterval(false, fixed);
	}

	/**
	 * Returns whether it is time to look, once.
	 * @param tick the number of polls, which may overflow
	 */
	boolean isDue(int tick) {
		if (tick - this.next < 0) {
			return false; // without the division that a modulus takes
		}
		this.next = tick + this.interval;
		return true;
	}

	/**
	 * Takes the polls since the last call into account.
	 */
	void tune(WorkerStats stats) {
		long polls = stats.polls - this.polls;
		if (!this.tuned || polls == 0) {
			return;
		}
		double mean = (double) (stats.busyNanos - this.busyNanos) / polls;
		double kept = Math.pow(KEPT_PER_POLL, (double) polls);
		this.meanPollNanos = mean * (1 - kept) + this.meanPollNanos * kept;
		this.polls = stats.polls;
		this.busyNanos = stats.busyNanos;
		int target = (int) Math.min(MAX, Math.max(MIN, TARGET_NANOS / Math.max(1, this.meanPollNanos)));
		if (Math.abs(target - this.interval) > 2) {
			this.interval = target;
		}
	}

	int interval() {
		return this.interval;
	}

}
