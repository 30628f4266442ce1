package dev.loopline.runtime;

import java.util.HashMap;
import java.util.Map;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.time.Ticker;

/**
 * Routes that are not fit for virtual threads: they burn, or wait where a virtual thread
 * cannot leave the one that carries it. Safe for use by many threads.
 */
final class Misfits {

	/*-
	 * A second, then two, four, ..
	 * ----------------------------
	 * One rescue proves nothing: a class may be loaded once, and code that is new is slow. So a route is not fit
	 * after the second one, for a second; whenever it has been rescued twice again after that, for twice as long.
	 */

	private static final int TIMES = 2;

	private static final long SHORTEST_NANOS = 1_000_000_000;

	/** Also how long nothing must have been seen of a route until it is forgotten. */
	static final long LONGEST_NANOS = 32 * SHORTEST_NANOS;

	private static final int MAX_ROUTES = 1_000;

	private final Ticker ticker;

	@GuardedBy("this")
	private final Map<Object, Sighting> sightings = new HashMap<>();

	/** Whether there is none, without the monitor. */
	private volatile boolean none = true;

	Misfits(Ticker ticker) {
		this.ticker = ticker;
	}

	/**
	 * Takes note that a virtual thread of a route had to be rescued.
	 * @param route the route, or {@code null} for what is no request's
	 */
	synchronized void add(@Nullable Object route) {
		if (this.sightings.size() >= MAX_ROUTES) {
			this.sightings.clear();
		}
		long now = this.ticker.nanos();
		Sighting sighting = this.sightings.computeIfAbsent(LaneLines.key(route), (key) -> new Sighting(now));
		if (now - sighting.until >= 0) { // else it began before
			sighting.rescued(now);
		}
		this.none = false;
	}

	/**
	 * Returns whether a route is better off on other threads.
	 * @param route the route, or {@code null} for what is no request's
	 */
	boolean contains(@Nullable Object route) {
		return !this.none && hasSeen(LaneLines.key(route));
	}

	private synchronized boolean hasSeen(Object key) {
		Sighting sighting = this.sightings.get(key);
		long left = (sighting != null) ? sighting.until - this.ticker.nanos() : Long.MIN_VALUE;
		if (sighting != null && left < -LONGEST_NANOS) {
			this.sightings.remove(key);
			this.none = this.sightings.isEmpty();
		}
		return left > 0;
	}

	private static final class Sighting {

		private int times;

		/** When it is tried again, or when it was last rescued. */
		private long until;

		private long nextNanos = SHORTEST_NANOS;

		Sighting(long now) {
			this.until = now;
		}

		void rescued(long now) {
			this.times++;
			this.until = now;
			if (this.times == TIMES) {
				this.times = 0;
				this.until = now + this.nextNanos;
				this.nextNanos = Math.min(2 * this.nextNanos, LONGEST_NANOS);
			}
		}

	}

}
