package dev.loopline.autoconfigure.overload;

/**
 * Decides which share of the requests a server takes, by the delay of its queues. Only
 * for one thread at a time.
 */
final class AdmittedShare {

	/*-
	 * Cut fast, raise with care
	 * -------------------------
	 * 1. An interval is bad if the delay is above the target and no shorter than before: the queue that a
	 *    pause of the process or a burst leaves behind gets shorter by itself, and no request need be refused.
	 * 2. All is well until START intervals were bad and none between them good. While the code is not compiled yet
	 *    a server is slow and not overloaded: for its first half minute the target is five times as high.
	 * 3. From then on each bad interval cuts the share, and each good one raises it: fast if a worker had
	 *    nothing to do, since then too many were refused; slowly else, as the target is near.
	 * 4. When nothing has been refused for QUIET intervals it is over.
	 * The delay is looked at as requests come out of the queue, so a cut shows in the next interval.
	 */

	/** Three tenths of a second. */
	static final int START = 3;

	/** Five seconds. */
	static final int QUIET = 50;

	/** Half a minute. */
	static final int WARM_UP = 300;

	static final int WARM_UP_FACTOR = 5;

	private static final double CUT = 0.85;

	/** Where the delay is more than twice the target. */
	private static final double DEEP_CUT = 0.6;

	private static final double RAISE = 1.05;

	/** From a tenth to all of it in one second. */
	private static final double FAST_RAISE = 1.25;

	/** Less than that would not notice that it is over. */
	private static final double MIN = 0.01;

	private final long targetNanos;

	private long intervals;

	private long lastDelay;

	private int bad;

	private int quiet;

	private boolean overloaded;

	private double share = 1;

	AdmittedShare(long targetNanos) {
		this.targetNanos = targetNanos;
	}

	/**
	 * Takes note of the end of intervals.
	 * @param count their number; if it is more than one, nobody asked for anything in the
	 * others
	 * @param delayNanos the delay in the last one
	 */
	void ended(long count, long delayNanos) {
		this.intervals += count;
		for (long i = Math.min(count, QUIET); i > 1; i--) {
			good(0);
		}
		long target = this.targetNanos * ((this.intervals <= WARM_UP) ? WARM_UP_FACTOR : 1);
		if (delayNanos <= target) {
			good(delayNanos);
		}
		else if (delayNanos >= this.lastDelay) {
			bad((delayNanos > 2 * target) ? DEEP_CUT : CUT);
		}
		this.lastDelay = delayNanos;
	}

	private void bad(double cut) {
		if (++this.bad >= START || this.overloaded) {
			this.overloaded = true;
			this.quiet = 0;
			this.share = Math.max(MIN, this.share * cut);
		}
	}

	private void good(long delayNanos) {
		this.bad = 0;
		this.share = Math.min(1, this.share * ((delayNanos == 0) ? FAST_RAISE : RAISE));
		this.quiet = (this.share < 1) ? 0 : Math.min(QUIET, this.quiet + 1);
		this.overloaded &= this.quiet < QUIET;
	}

	/**
	 * Returns the share of the requests to take, above 0 and at most 1.
	 */
	double share() {
		return this.share;
	}

	/**
	 * Returns whether an overload has begun and is not over.
	 */
	boolean isOverloaded() {
		return this.overloaded;
	}

	/**
	 * Returns whether there is nothing to watch.
	 */
	boolean isCalm() {
		return !this.overloaded && this.bad == 0;
	}

}
