package dev.loopline.autoconfigure.web;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.time.Ticker;

/**
 * What is remembered of routes that are not slow now, or not yet. Guarded by its user.
 */
final class PastStalls {

	/** Requests in a row that show that a route was learned by mistake. */
	static final int FEW = 8;

	/**
	 * The number at which it stays for a route that turns out to stall each time that it
	 * was forgotten, so that the stalls of these times do not matter.
	 */
	static final int MANY = 4096;

	/** How long a route that was forgotten is distrusted. */
	static final long MEMORY_NANOS = 60_000_000_000L;

	private final Ticker ticker;

	/** The eldest entry first. */
	private final Map<String, Past> routes = new LinkedHashMap<>();

	PastStalls(Ticker ticker) {
		this.ticker = ticker;
	}

	/**
	 * Returns whether a stall teaches nothing, as the thread was loading a class: once
	 * per route.
	 */
	boolean isExcused(String route, boolean loading) {
		return loading && remember(route, FEW) == null;
	}

	/**
	 * Returns how many requests in a row must end in time until a route is forgotten that
	 * is learned now. A mistake is soon mended; who stalls now and then is learned once
	 * and for all.
	 */
	int distrust(String route) {
		Past past = this.routes.get(route);
		return (past != null && this.ticker.nanos() - past.nanos() < MEMORY_NANOS) ? past.distrust() : FEW;
	}

	/**
	 * Takes note that a route was forgotten.
	 * @param distrust how many requests that took
	 */
	void forgotten(String route, int distrust) {
		Past past = this.routes.get(route);
		boolean again = past != null && past.mended() && this.ticker.nanos() - past.nanos() < MEMORY_NANOS;
		this.routes.remove(route);
		put(route, new Past(this.ticker.nanos(), again ? Math.min(MANY, distrust * FEW) : distrust, true));
	}

	private @Nullable Past remember(String route, int distrust) {
		Past past = this.routes.get(route);
		if (past == null) {
			put(route, new Past(this.ticker.nanos(), distrust, false));
		}
		return past;
	}

	private void put(String route, Past past) {
		if (this.routes.size() >= SlowRoutes.MAX_PATHS) {
			this.routes.remove(this.routes.keySet().iterator().next());
		}
		this.routes.put(route, past);
	}

	/**
	 * What happened last.
	 *
	 * @param nanos when
	 * @param distrust how many requests must end in time next time
	 * @param mended whether it was learned and forgotten
	 */
	private record Past(long nanos, int distrust, boolean mended) {
	}

}
