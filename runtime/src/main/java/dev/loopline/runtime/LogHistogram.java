package dev.loopline.runtime;

import java.util.Arrays;

import dev.loopline.runtime.internal.queue.Padding;

/**
 * Counts durations in buckets whose width grows with the duration. Single writer; readers
 * see counts that are at most a few polls old.
 */
final class LogHistogram {

	/*-
	 * Four buckets per doubling, from 1 us (2^10 ns) to 69 s (2^36 ns), with one below and one above: the
	 * bounds of a bucket are at most a quarter apart, and every power of two is a bound. A record is a count of
	 * leading zeros, a shift and an increment.
	 */

	/** Durations below two to this power share one bucket. */
	static final int MIN_POWER = 10;

	/** Durations from two to this power share one bucket. */
	static final int MAX_POWER = 36;

	/** Two to this power is the number of buckets per doubling. */
	private static final int PRECISION = 2;

	static final int BUCKETS = ((MAX_POWER - MIN_POWER) << PRECISION) + 2;

	/** As {@link Padding} is for objects: most durations go into the first bucket. */
	private static final int PADDING = 16;

	private final long[] counts = new long[PADDING + BUCKETS];

	/**
	 * Counts a duration so many times. Only for the writer.
	 */
	void record(long nanos, int times) {
		this.counts[PADDING + bucketOf(nanos)] += times;
	}

	static int bucketOf(long nanos) {
		int power = 63 - Long.numberOfLeadingZeros(nanos | 1);
		if (nanos < 0 || power < MIN_POWER) {
			return 0;
		}
		if (power >= MAX_POWER) {
			return BUCKETS - 1;
		}
		int quarter = (int) (nanos >>> (power - PRECISION)) & ((1 << PRECISION) - 1);
		return ((power - MIN_POWER) << PRECISION) + quarter + 1;
	}

	/**
	 * Returns the lowest duration that is above a bucket.
	 */
	static long upperBound(int bucket) {
		if (bucket == BUCKETS - 1) {
			return Long.MAX_VALUE;
		}
		int power = MIN_POWER + (bucket >>> PRECISION);
		long quarter = 1L << (power - PRECISION);
		return (1L << power) + quarter * (bucket & ((1 << PRECISION) - 1));
	}

	/**
	 * Returns how many durations were at least as long as that, which is the bound of a
	 * bucket.
	 */
	long countFrom(long nanos) {
		long sum = 0;
		for (int i = PADDING + bucketOf(nanos); i < this.counts.length; i++) {
			sum += this.counts[i];
		}
		return sum;
	}

	/**
	 * Returns how many durations a bucket has.
	 */
	long count(int bucket) {
		return this.counts[PADDING + bucket];
	}

	/**
	 * Adds what another one has counted so far. Only for the writer.
	 */
	void add(LogHistogram other) {
		for (int i = PADDING; i < this.counts.length; i++) {
			this.counts[i] += other.counts[i];
		}
	}

	/**
	 * Returns a copy.
	 * @param sumNanos the sum of the durations, which their writer counts anyway
	 */
	HistogramSnapshot snapshot(long sumNanos) {
		return new HistogramSnapshot(Arrays.copyOfRange(this.counts, PADDING, this.counts.length), sumNanos);
	}

}
