package dev.loopline.autoconfigure.metrics;

import dev.loopline.runtime.HistogramSnapshot;

/**
 * The buckets that are shown of a histogram: from a microsecond to 17 s, each twice as
 * wide as the last, and one above them.
 */
final class HistogramBounds {

	/** Of two, in nanoseconds. */
	static final int FIRST_POWER = 10;

	static final int LAST_POWER = 34;

	private HistogramBounds() {
	}

	/**
	 * Returns the upper bounds of all but the last bucket.
	 * @param nanos the nanoseconds of the unit they are wanted in
	 */
	static double[] in(double nanos) {
		double[] bounds = new double[LAST_POWER - FIRST_POWER + 1];
		for (int i = 0; i < bounds.length; i++) {
			bounds[i] = (1L << (FIRST_POWER + i)) / nanos;
		}
		return bounds;
	}

	/**
	 * Returns how many durations each bucket has.
	 */
	static long[] counts(HistogramSnapshot durations) {
		long[] counts = new long[LAST_POWER - FIRST_POWER + 2];
		long below = 0;
		for (int i = 0; i < counts.length; i++) {
			long upTo = (i < counts.length - 1) ? durations.countBelowPowerOfTwo(FIRST_POWER + i) : durations.count();
			counts[i] = upTo - below;
			below = upTo;
		}
		return counts;
	}

}
