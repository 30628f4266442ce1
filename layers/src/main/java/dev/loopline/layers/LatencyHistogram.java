package dev.loopline.layers;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.LongSupplier;

/**
 * Knows a percentile of the durations of the period before. Lock-free, safe for use by
 * many threads.
 */
final class LatencyHistogram {

	/*-
	 * The protocol
	 * ============
	 * A period has counts, and what was known of the one before when it began: neither of these two changes.
	 *
	 * 1. Whoever records or asks and finds that the period is over makes the next one of it, and puts it into its place
	 *    by a compare-and-set. So all go on with the same one, and nobody's counts are thrown away that were recorded
	 *    in it meanwhile.
	 * 2. Whoever still holds the period before may count there after it was summed up: that one is lost, and no other.
	 *
	 * Buckets
	 * -------
	 * Eight for each power of two, from a microsecond on: what they say is at most an eighth more than it was.
	 */

	private static final int SUB_BITS = 3;

	private static final int SUB = 1 << SUB_BITS;

	/** Up to 2^36 microseconds, which is most of a day. */
	private static final int BUCKETS = 34 * SUB;

	static final long UNKNOWN = -1;

	private static final AtomicReferenceFieldUpdater<LatencyHistogram, Period> CURRENT = AtomicReferenceFieldUpdater
		.newUpdater(LatencyHistogram.class, Period.class, "current");

	private final double quantile;

	private final int least;

	private final long periodNanos;

	private final LongSupplier clock;

	private volatile Period current;

	/**
	 * Creates a histogram of nothing.
	 * @param quantile from 0 to 1
	 * @param least how many durations a period must have for it to be known
	 */
	LatencyHistogram(double quantile, int least, long periodNanos, LongSupplier clock) {
		this.quantile = quantile;
		this.least = least;
		this.periodNanos = periodNanos;
		this.clock = clock;
		this.current = new Period(clock.getAsLong(), UNKNOWN);
	}

	void record(long nanos) {
		period().counts.incrementAndGet(bucket(nanos));
	}

	/**
	 * Returns the percentile of the period before this one, in nanoseconds, or
	 * {@link #UNKNOWN}.
	 */
	long percentile() {
		return period().percentile;
	}

	private Period period() {
		Period period = this.current;
		long now = this.clock.getAsLong();
		while (now - period.startNanos >= this.periodNanos) {
			boolean justOver = now - period.startNanos < 2 * this.periodNanos;
			Period next = new Period(now, justOver ? sumUp(period.counts) : UNKNOWN);
			if (CURRENT.compareAndSet(this, period, next)) {
				return next;
			}
			period = this.current;
		}
		return period;
	}

	private long sumUp(AtomicIntegerArray counts) {
		long total = 0;
		for (int i = 0; i < BUCKETS; i++) {
			total += counts.get(i);
		}
		if (total < this.least) {
			return UNKNOWN;
		}
		long rank = Math.max(1, (long) Math.ceil(this.quantile * total));
		int bucket = 0;
		for (long seen = counts.get(0); seen < rank && bucket < BUCKETS - 1; seen += counts.get(bucket)) {
			bucket++;
		}
		return upperNanos(bucket);
	}

	static int bucket(long nanos) {
		long micros = Math.max(0, nanos) / 1_000;
		if (micros < SUB) {
			return (int) micros;
		}
		int shift = 63 - Long.numberOfLeadingZeros(micros) - SUB_BITS;
		return Math.min(BUCKETS - 1, (shift + 1) * SUB + (int) (micros >>> shift) - SUB);
	}

	static long upperNanos(int bucket) {
		if (bucket < SUB) {
			return (bucket + 1) * 1_000L;
		}
		int shift = bucket / SUB - 1;
		return ((long) (bucket % SUB + SUB + 1) << shift) * 1_000L;
	}

	/**
	 * Durations of a while.
	 */
	private static final class Period {

		private final long startNanos;

		/** Of the period before. */
		private final long percentile;

		private final AtomicIntegerArray counts = new AtomicIntegerArray(BUCKETS);

		Period(long startNanos, long percentile) {
			this.startNanos = startNanos;
			this.percentile = percentile;
		}

	}

}
