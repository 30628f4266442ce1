package dev.loopline.autoconfigure.overload;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;

/**
 * Makes of one share of all requests one for each priority, the more important first, and
 * decides by the client which requests belong to it. Written by one thread at a time,
 * read by many.
 */
final class AdmittedClasses {

	/*-
	 * The same few
	 * ------------
	 * Each client has a number between 0 and 1, and those below the share are served: so some are served
	 * as ever, and not everybody a little, who would all have to ask again. The number is another one every
	 * hour. A part of it is luck of each request: where one client makes most of the load, such as a proxy, it
	 * would be all or nothing for it otherwise.
	 */

	private static final double LUCK = 0.25;

	private final LongAdder[] arrivals = new LongAdder[RequestPriority.COUNT];

	private final long[] seen = new long[RequestPriority.COUNT];

	/** The numbers of the requests that are served are below these. */
	private volatile double[] bounds = { 1, 1, 1 };

	AdmittedClasses() {
		for (int i = 0; i < this.arrivals.length; i++) {
			this.arrivals[i] = new LongAdder();
		}
	}

	/**
	 * Divides a share by what has come since the last time.
	 */
	void divide(double share) {
		double[] recent = new double[this.seen.length];
		double total = 0;
		for (int i = 0; i < recent.length; i++) {
			long sum = this.arrivals[i].sum();
			recent[i] = sum - this.seen[i];
			this.seen[i] = sum;
			total += recent[i];
		}
		double left = share * total;
		double[] bounds = new double[recent.length];
		for (int i = 0; i < bounds.length; i++) {
			double own = (share == 1 || total == 0) ? share : left / Math.max(1, recent[i]);
			bounds[i] = bound(Math.max(0, Math.min(1, own)));
			left -= recent[i];
		}
		this.bounds = bounds;
	}

	/**
	 * Returns the number below which a share of all numbers is. They are the sum of two
	 * that are even.
	 */
	static double bound(double share) {
		double edge = LUCK / (2 * (1 - LUCK));
		if (share < edge) {
			return Math.sqrt(2 * LUCK * (1 - LUCK) * share);
		}
		return (share > 1 - edge) ? 1 - bound(1 - share) : (1 - LUCK) * share + LUCK / 2;
	}

	/**
	 * Counts a request and decides about it.
	 * @param client any number that stands for the client
	 */
	boolean admits(RequestPriority priority, long client) {
		int index = priority.ordinal();
		this.arrivals[index].increment();
		double bound = this.bounds[index];
		return bound == 1 || bound > number(client, ThreadLocalRandom.current().nextDouble());
	}

	/**
	 * Returns the number of a request between 0 and 1.
	 */
	static double number(long client, double luck) {
		return (1 - LUCK) * fraction(client) + LUCK * luck;
	}

	/** The finalizer of SplitMix64, whose high bits are as good as random. */
	private static double fraction(long client) {
		long mixed = client + 0x9E3779B97F4A7C15L;
		mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
		mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
		return ((mixed ^ (mixed >>> 31)) >>> 11) * 0x1.0p-53;
	}

}
