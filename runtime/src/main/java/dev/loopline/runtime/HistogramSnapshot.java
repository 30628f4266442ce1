package dev.loopline.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * How long something took, over all times it happened. Immutable.
 */
public final class HistogramSnapshot {

	/** Longer durations than this, which is 69 s, share one bucket. */
	public static final long LONGEST_NANOS = 1L << LogHistogram.MAX_POWER;

	private final long[] counts;

	private final long sumNanos;

	HistogramSnapshot(long[] counts, long sumNanos) {
		this.counts = counts;
		this.sumNanos = sumNanos;
	}

	/**
	 * Adds histograms up.
	 * @param parts the histograms
	 * @return a histogram of all durations
	 */
	public static HistogramSnapshot sum(Collection<HistogramSnapshot> parts) {
		long[] counts = new long[LogHistogram.BUCKETS];
		long sumNanos = 0;
		for (HistogramSnapshot part : parts) {
			sumNanos += part.sumNanos;
			for (int i = 0; i < counts.length; i++) {
				counts[i] += part.counts[i];
			}
		}
		return new HistogramSnapshot(counts, sumNanos);
	}

	/**
	 * Returns how many durations there were.
	 * @return the number of durations
	 */
	public long count() {
		return countUpTo(LogHistogram.BUCKETS - 1);
	}

	/**
	 * Returns the sum of all durations.
	 * @return the sum
	 */
	public Duration total() {
		return Duration.ofNanos(this.sumNanos);
	}

	/**
	 * Returns how many durations were shorter than two to the given power, in
	 * nanoseconds.
	 * @param power the power, from 10 (a microsecond) to 36 (69 seconds)
	 * @return the number of durations
	 */
	public long countBelowPowerOfTwo(int power) {
		return countUpTo((power - LogHistogram.MIN_POWER) * 4);
	}

	/**
	 * Returns a duration that the given share of all durations does not exceed, too long
	 * by a quarter at most.
	 * @param share the share, from 0 to 1
	 * @return the duration, zero if there are none
	 */
	public Duration percentile(double share) {
		long rank = (long) Math.ceil(share * count());
		long seen = 0;
		for (int i = 0; i < this.counts.length && rank > 0; i++) {
			seen += this.counts[i];
			if (seen >= rank) {
				return Duration.ofNanos(Math.min(LogHistogram.upperBound(i), LONGEST_NANOS));
			}
		}
		return Duration.ZERO;
	}

	/**
	 * Returns the buckets that are not empty, shortest first.
	 * @return the buckets
	 */
	public List<Bucket> buckets() {
		List<Bucket> buckets = new ArrayList<>();
		for (int i = 0; i < this.counts.length; i++) {
			if (this.counts[i] > 0) {
				buckets.add(new Bucket(LogHistogram.upperBound(i), this.counts[i]));
			}
		}
		return List.copyOf(buckets);
	}

	private long countUpTo(int bucket) {
		long count = 0;
		for (int i = 0; i <= bucket; i++) {
			count += this.counts[i];
		}
		return count;
	}

	/**
	 * Durations of about the same length.
	 *
	 * @param upperNanos the length that they did not reach, in nanoseconds;
	 * {@link Long#MAX_VALUE} for none
	 * @param count how many there were
	 */
	public record Bucket(long upperNanos, long count) {
	}

}
