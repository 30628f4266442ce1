package dev.loopline.autoconfigure.actuate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;

import dev.loopline.runtime.time.Ticker;

/**
 * Times requests by route while somebody looks at the routes. Safe for use by many
 * threads.
 */
final class RouteTimes implements ObservationHandler<ServerRequestObservationContext> {

	/*-
	 * The cost
	 * --------
	 * While nobody looks a request reads a field twice. Who asks for the times has them taken for another WATCH; from then on a
	 * request costs two looks at the clock, an entry of its context and a counter. The first one that ends after that time switches
	 * it off, unless somebody has looked again. There are two maps, the one that fills and the one of the WINDOW before, of
	 * MAX_ROUTES with 900 bytes each. Whoever comes first after the end of a window begins the next one.
	 */

	static final long WATCH_NANOS = 60_000_000_000L;

	static final long WINDOW_NANOS = 60_000_000_000L;

	/** Later ones are not timed. */
	static final int MAX_ROUTES = 100;

	private final Ticker ticker;

	/** Written under the lock, as are the others. */
	private volatile boolean watched;

	private volatile long watchedUntil;

	private volatile Windows windows = Windows.startingAt(0);

	RouteTimes(Ticker ticker) {
		this.ticker = ticker;
	}

	@Override
	public boolean supportsContext(Observation.Context context) {
		return context instanceof ServerRequestObservationContext;
	}

	@Override
	public void onStart(ServerRequestObservationContext context) {
		if (this.watched) {
			context.put(RouteTimes.class, this.ticker.nanos());
		}
	}

	@Override
	public void onStop(ServerRequestObservationContext context) {
		Long start = this.watched ? context.get(RouteTimes.class) : null;
		if (start == null) {
			return;
		}
		long now = this.ticker.nanos();
		if (now - this.watchedUntil >= 0) {
			endWatch(now);
			return;
		}
		String pattern = context.getPathPattern();
		if (pattern != null && !isStream(context.getResponse())) {
			add(new Route(Objects.requireNonNull(context.getCarrier()).getMethod(), pattern), now - start, now);
		}
	}

	private synchronized void endWatch(long now) {
		if (now - this.watchedUntil >= 0) {
			this.watched = false;
		}
	}

	/**
	 * Returns whether it lasts for as long as the client wants, which says nothing.
	 */
	private static boolean isStream(@Nullable ServerHttpResponse response) {
		String type = (response != null) ? response.getHeaders().getFirst(HttpHeaders.CONTENT_TYPE) : null;
		return type != null && type.startsWith(MediaType.TEXT_EVENT_STREAM_VALUE);
	}

	private void add(Route route, long nanos, long now) {
		Map<Route, LatencyHistogram> routes = windows(now).current;
		LatencyHistogram histogram = routes.get(route);
		if (histogram == null && routes.size() < MAX_ROUTES) {
			histogram = routes.computeIfAbsent(route, (added) -> new LatencyHistogram());
		}
		if (histogram != null) {
			histogram.add(nanos);
		}
	}

	private Windows windows(long now) {
		Windows windows = this.windows;
		return (now - windows.end < 0) ? windows : turn(now);
	}

	private synchronized Windows turn(long now) {
		if (now - this.windows.end >= 0) {
			this.windows = this.windows.next(now);
		}
		return this.windows;
	}

	/**
	 * Returns the times of the last one to two minutes, by route, as far as somebody has
	 * looked meanwhile. This counts as a look.
	 */
	synchronized Map<String, RouteLatency> look() {
		long now = this.ticker.nanos();
		if (!this.watched) {
			this.windows = Windows.startingAt(now);
		}
		this.watchedUntil = now + WATCH_NANOS;
		this.watched = true;
		Windows windows = windows(now);
		Map<Route, List<LatencyHistogram>> routes = new HashMap<>();
		for (Map<Route, LatencyHistogram> window : List.of(windows.before, windows.current)) {
			window.forEach(
					(route, histogram) -> routes.computeIfAbsent(route, (added) -> new ArrayList<>(2)).add(histogram));
		}
		Map<String, RouteLatency> times = new HashMap<>();
		routes.forEach((route, histograms) -> times.put(route.name(), LatencyHistogram.of(histograms)));
		return times;
	}

	private record Route(HttpMethod method, String pattern) {

		/** As stalls name it. */
		String name() {
			return this.method + " " + this.pattern;
		}

	}

	/**
	 * The window that fills and the one before it.
	 *
	 * @param end when the next one begins
	 */
	private record Windows(long end, Map<Route, LatencyHistogram> before, Map<Route, LatencyHistogram> current) {

		static Windows startingAt(long now) {
			return new Windows(now + WINDOW_NANOS, Map.of(), new ConcurrentHashMap<>());
		}

		/** Begins at the end of this one, whenever somebody comes to see it. */
		Windows next(long now) {
			return (now - this.end < WINDOW_NANOS)
					? new Windows(this.end + WINDOW_NANOS, this.current, new ConcurrentHashMap<>()) : startingAt(now);
		}

	}

}
