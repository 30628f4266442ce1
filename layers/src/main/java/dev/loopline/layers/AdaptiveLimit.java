package dev.loopline.layers;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

/**
 * Learns how many requests a server takes at a time, by how long it takes for them. Safe
 * for use by many threads.
 */
final class AdaptiveLimit {

	/*-
	 * Netflix' Gradient2, fed with the mean of a window, and AIMD's cut where a server says that it has too much
	 * -----------------------------------------------------------------------------------------------------------
	 * The limit goes down by as much as requests take longer now than they do in the long run, and up by a few that
	 * may wait. If they have become faster, the long run is shortened, as it would be in the way. It does not grow
	 * while it is not used.
	 *
	 * Whoever brings a sample while another thread has the state goes on without: it is one of many. The flag's
	 * compare-and-set and its end by a volatile write make each see what the one before wrote.
	 */

	/** All of these are Netflix'. */
	private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);

	private static final int LEAST_SAMPLES = 10;

	private static final double SMOOTHING = 0.2;

	private static final double QUEUE = 4;

	private static final double TOLERANCE = 1.5;

	private static final int LONG_WINDOWS = 600;

	private static final int WARM_UP = 10;

	private static final double CUT = 0.9;

	private final int min;

	private final int max;

	private final IntConsumer changed;

	private final AtomicBoolean busy = new AtomicBoolean();

	private double limit;

	private double longNanos;

	private int windows;

	private long windowStart;

	private double sumNanos;

	private int samples;

	private int mostInFlight;

	private boolean refused;

	/**
	 * Creates a limit.
	 * @param changed told of each new limit, by one thread at a time
	 */
	AdaptiveLimit(int min, int initial, int max, long now, IntConsumer changed) {
		this.min = min;
		this.max = max;
		this.limit = initial;
		this.windowStart = now;
		this.changed = changed;
	}

	/**
	 * Learns from a request that has ended.
	 * @param now the time
	 * @param tookNanos how long it took
	 * @param inFlight how many there were when it began
	 * @param refused whether its server had too many
	 */
	void sample(long now, long tookNanos, int inFlight, boolean refused) {
		if (!this.busy.compareAndSet(false, true)) {
			return;
		}
		try {
			this.samples++;
			this.refused |= refused;
			this.mostInFlight = Math.max(this.mostInFlight, inFlight);
			this.sumNanos += Math.max(1, tookNanos);
			if (this.samples >= LEAST_SAMPLES && now - this.windowStart >= WINDOW_NANOS) {
				endWindow(now);
			}
		}
		finally {
			this.busy.set(false);
		}
	}

	private void endWindow(long now) {
		double next = this.refused ? this.limit * CUT : gradient(this.sumNanos / this.samples);
		int before = (int) this.limit;
		this.limit = Math.max(this.min, Math.min(this.max, next));
		if ((int) this.limit != before) {
			this.changed.accept((int) this.limit);
		}
		this.windowStart = now;
		this.samples = 0;
		this.sumNanos = 0;
		this.mostInFlight = 0;
		this.refused = false;
	}

	private double gradient(double nanos) {
		this.windows++;
		double weight = (this.windows <= WARM_UP) ? 1.0 / this.windows : 2.0 / (LONG_WINDOWS + 1);
		this.longNanos += weight * (nanos - this.longNanos);
		if (this.longNanos / nanos > 2) {
			this.longNanos *= 0.95;
		}
		if (this.mostInFlight < this.limit / 2) {
			return this.limit;
		}
		double gradient = Math.max(0.5, Math.min(1, TOLERANCE * this.longNanos / nanos));
		return this.limit * (1 - SMOOTHING) + SMOOTHING * (this.limit * gradient + QUEUE);
	}

}
