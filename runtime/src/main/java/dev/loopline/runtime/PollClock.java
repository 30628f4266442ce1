package dev.loopline.runtime;

import dev.loopline.runtime.internal.queue.FastRandom;
import dev.loopline.runtime.internal.queue.Padding;
import dev.loopline.runtime.time.Ticker;

/**
 * The clock of a worker thread, which reads the real one as seldom as it can. Only for
 * that thread.
 */
final class PollClock extends PollClockFields {

	/*-
	 * A reading takes longer than the poll of many a task. So several polls of tasks in a row, a batch,
	 * share one reading at their end.
	 *
	 * 1. A strand's poll is always timed alone, and so is that of a task that was picked to have its wait
	 *    timed: one in SAMPLE, which then counts for as many.
	 * 2. Only a thread whose last TRUST polls took less than QUICK_NANOS, on average, has batches. So a poll that
	 *    lasts is seen to start too early by some microseconds at most, and its batch counts as one long poll
	 *    and short ones.
	 * 3. The monitor tells polls apart by their start: in a batch each starts a nanosecond after the last.
	 */

	/** Polls in a batch. Two readings of 25 ns in sixteen polls are 3 ns for each. */
	private static final int BATCH = 16;

	/** The lowest duration that {@link LogHistogram} tells from nothing. */
	private static final long QUICK_NANOS = 1L << LogHistogram.MIN_POWER;

	private static final int TRUST = 32;

	/** One in so many waits of tasks is timed. */
	static final int SAMPLE = 64;

	private final Ticker ticker;

	private final WorkerStats stats;

	private final FastRandom random;

	/** What follows may be another thread's; see {@link Padding}. */
	@SuppressWarnings("unused")
	private long q0, q1, q2, q3, q4, q5, q6, q7, q8, q9, q10, q11, q12, q13, q14, q15;

	PollClock(Ticker ticker, WorkerStats stats, long seed) {
		this.ticker = ticker;
		this.stats = stats;
		this.random = new FastRandom(seed);
		this.now = ticker.nanos();
	}

	/**
	 * Returns the last reading, the time of the last poll's end but for a few quick ones.
	 */
	long now() {
		return this.now;
	}

	/**
	 * Returns whether no poll has ended since the last reading.
	 */
	boolean isFresh() {
		return this.batch == 0;
	}

	/**
	 * Returns the time.
	 */
	long exact() {
		flush();
		return this.now;
	}

	/**
	 * Reads the clock after something else than a poll, which {@link #flush()} preceded.
	 */
	void refresh() {
		this.now = this.ticker.nanos();
		this.batch = 0;
	}

	/**
	 * Starts a poll.
	 * @param alone whether its time is needed
	 * @return the start
	 */
	long begin(boolean alone) {
		if (alone) {
			flush();
		}
		return this.now + this.batch;
	}

	/**
	 * Ends a poll.
	 * @param alone whether its time is needed
	 * @return the end
	 */
	long end(boolean alone) {
		this.batch++;
		if (alone || this.quick < TRUST || this.batch == BATCH) {
			flush();
		}
		return this.now;
	}

	/**
	 * Counts the polls since the last reading.
	 */
	void flush() {
		if (this.batch > 0) {
			long nanos = this.ticker.nanos() - this.now;
			this.stats.polled(this.batch, nanos);
			this.quick = (nanos < this.batch * QUICK_NANOS) ? Math.min(this.quick + this.batch, TRUST) : 0;
			this.now += nanos;
			this.batch = 0;
		}
	}

	/**
	 * Decides whether the wait of a task that is about to be queued is timed.
	 */
	boolean samples() {
		if (--this.unsampled >= 0) {
			return false;
		}
		this.unsampled = this.random.nextInt(2 * SAMPLE - 1);
		return true;
	}

}
