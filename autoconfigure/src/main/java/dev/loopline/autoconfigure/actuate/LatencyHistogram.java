package dev.loopline.autoconfigure.actuate;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Counts durations in buckets of which eight double, from a microsecond to two minutes: a
 * percentile is off by a sixteenth at most. Takes 900 bytes. Safe for use by many
 * threads.
 */
final class LatencyHistogram {

	/** Of nanoseconds: a bucket cannot be narrower. */
	private static final int UNIT_SHIFT = 7;

	private static final int SUB_SHIFT = 3;

	private static final int SUBS = 1 << SUB_SHIFT;

	private static final int LAST = 216 - 1;

	private final AtomicIntegerArray counts = new AtomicIntegerArray(LAST + 1);

	void add(long nanos) {
		this.counts.incrementAndGet(index(nanos));
	}

	private static int index(long nanos) {
		long units = Math.max(SUBS, Math.max(0, nanos) >>> UNIT_SHIFT);
		int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(units) - SUB_SHIFT;
		return Math.min(LAST, shift * SUBS + (int) (units >>> shift) - SUBS);
	}

	private static long middle(int index) {
		long units = 2L * (SUBS + index % SUBS) + 1;
		return units << (index / SUBS + UNIT_SHIFT - 1);
	}

	/**
	 * Returns what these have counted together.
	 */
	static RouteLatency of(Iterable<LatencyHistogram> histograms) {
		long[] counts = new long[LAST + 1];
		long total = 0;
		for (LatencyHistogram histogram : histograms) {
			for (int i = 0; i <= LAST; i++) {
				int count = histogram.counts.get(i);
				counts[i] += count;
				total += count;
			}
		}
		return new RouteLatency(total, percentile(counts, total, 50), percentile(counts, total, 99));
	}

	private static long percentile(long[] counts, long total, int percent) {
		long left = (total * percent + 99) / 100;
		for (int i = 0; i <= LAST; i++) {
			left -= counts[i];
			if (left <= 0 && total > 0) {
				return middle(i);
			}
		}
		return 0;
	}

}
