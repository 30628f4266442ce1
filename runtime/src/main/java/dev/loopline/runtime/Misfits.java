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

	/** Two, as a class may be loaded once. */
	private static final int TIMES = 2;

	/** How long nothing must have been seen of a route until it is tried again. */
	private static final long MEMORY_NANOS = 30_000_000_000L;

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
		Sighting sighting = this.sightings.computeIfAbsent(LaneLines.key(route), (key) -> new Sighting());
		sighting.times++;
		sighting.lastNanos = this.ticker.nanos();
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
		if (sighting != null && this.ticker.nanos() - sighting.lastNanos > MEMORY_NANOS) {
			this.sightings.remove(key);
			this.none = this.sightings.isEmpty();
			return false;
		}
		return sighting != null && sighting.times >= TIMES;
	}

	private static final class Sighting {

		private int times;

		private long lastNanos;

	}

}
