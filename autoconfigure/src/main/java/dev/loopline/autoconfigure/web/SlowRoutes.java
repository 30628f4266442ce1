package dev.loopline.autoconfigure.web;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.util.pattern.PathPattern;

import dev.loopline.runtime.Strand;

/**
 * The routes of requests that stalled a worker. A connection that is slow is remembered
 * by its strand; a request on a new one has no past but its route. Safe for use by many
 * threads.
 */
public final class SlowRoutes {

	/*-
	 * What is learned, and forgotten
	 * ------------------------------
	 * 1. A request begins on a worker and stalls it. Its route is slow from now on: the pattern that it was
	 *    dispatched by, or its path if it never was.
	 * 2. Requests that this pattern matches start in the slow lane, before anybody knows their own routes.
	 * 3. If such a request turns out to be of another route, that one is noted as innocent. As patterns are
	 *    searched like mappings are, the most specific first, it is found instead from then on.
	 * 4. Now and then a request that is expected to stall starts on a worker, on a strand of its own. If it
	 *    does not stall, its route is forgotten, and without slow routes no innocent ones are needed.
	 */

	/** Slow and innocent patterns, all of which may have to be looked at. */
	static final int MAX_PATTERNS = 64;

	/** Paths may hold identifiers, so there is no end to them. */
	static final int MAX_PATHS = 1_000;

	private static final Logger logger = LoggerFactory.getLogger(SlowRoutes.class);

	private final boolean learning;

	/** The most specific first. Replaced as a whole. */
	private volatile List<LearnedRoute> patterns = List.of();

	private final Map<String, LearnedRoute> paths = new ConcurrentHashMap<>();

	/**
	 * Creates routes of which nothing is known.
	 * @param learning whether anything is ever learned
	 */
	SlowRoutes(boolean learning) {
		this.learning = learning;
	}

	/**
	 * Returns the slow route that a request is likely to be of.
	 */
	@Nullable LearnedRoute find(ServerHttpRequest request) {
		LearnedRoute route = this.paths.isEmpty() ? null : this.paths.get(key(request));
		if (route == null && !this.patterns.isEmpty()) {
			route = findPattern(request);
		}
		return (route != null && route.isSlow() && !isUpgrade(request)) ? route : null;
	}

	private @Nullable LearnedRoute findPattern(ServerHttpRequest request) {
		for (LearnedRoute route : this.patterns) {
			PathPattern pattern = route.pattern();
			if (pattern != null && route.method().equals(request.getMethod())
					&& pattern.matches(request.getPath().pathWithinApplication())) {
				return route;
			}
		}
		return null;
	}

	/**
	 * The messages of a WebSocket come to the strand of its connection, wherever its
	 * request is handled.
	 */
	private static boolean isUpgrade(ServerHttpRequest request) {
		return request.getHeaders().getUpgrade() != null;
	}

	/**
	 * Learns from a request that stalled the worker that it began on.
	 * @param pattern what it was dispatched by, if it was
	 * @param strand the strand that stalled
	 */
	void learn(ServerHttpRequest request, @Nullable PathPattern pattern, Strand strand) {
		if (!this.learning || isUpgrade(request)) {
			return;
		}
		LearnedRoute route = LearnedRoute.slow(request.getMethod(), pattern, strand);
		if (pattern != null) {
			add(route);
			return;
		}
		if (this.paths.size() >= MAX_PATHS) {
			this.paths.clear();
		}
		this.paths.putIfAbsent(key(request), route);
	}

	/**
	 * Returns whether there is nothing to compare a request with.
	 */
	boolean isEmpty() {
		return this.patterns.isEmpty();
	}

	/**
	 * Learns from a request that stalled no worker: what it was dispatched by is innocent
	 * if a slow route matches it, too.
	 * @param pattern what it was dispatched by, if it was
	 */
	void compare(ServerHttpRequest request, @Nullable PathPattern pattern) {
		if (pattern == null) {
			return;
		}
		LearnedRoute expected = findPattern(request);
		if (expected != null && expected.isSlow() && !pattern.equals(expected.pattern())) {
			add(LearnedRoute.innocent(request.getMethod(), pattern));
		}
	}

	/**
	 * Adds a route unless as much is known of it already.
	 */
	private synchronized void add(LearnedRoute route) {
		List<LearnedRoute> updated = new ArrayList<>(this.patterns);
		if (updated.stream().anyMatch((known) -> known.isSame(route) && (known.isSlow() || !route.isSlow()))) {
			return;
		}
		updated.removeIf((known) -> known.isSame(route));
		if (updated.size() >= MAX_PATTERNS) {
			updated.clear();
		}
		updated.add(route);
		replacePatterns(updated);
		if (route.isSlow()) {
			logger.debug("{} stalled a worker: its requests start on threads for blocking work from now on."
					+ " List it in loopline.web.blocking-routes to spare the first one, too", route);
		}
	}

	/**
	 * Forgets a route whose request did not stall the worker that it was tried on.
	 */
	synchronized void forget(LearnedRoute route) {
		this.paths.values().remove(route);
		List<LearnedRoute> updated = new ArrayList<>(this.patterns);
		updated.remove(route);
		replacePatterns(updated);
	}

	private void replacePatterns(List<LearnedRoute> updated) {
		boolean needed = updated.stream().anyMatch(LearnedRoute::isSlow);
		updated.sort(Comparator.comparing(LearnedRoute::pattern, Comparator.nullsLast(Comparator.naturalOrder())));
		this.patterns = needed ? List.copyOf(updated) : List.of();
	}

	private static String key(ServerHttpRequest request) {
		return request.getMethod() + " " + request.getPath().value();
	}

	/**
	 * Returns the slow routes that have patterns.
	 * @return methods and patterns, the most specific first
	 */
	public List<String> names() {
		return this.patterns.stream().filter(LearnedRoute::isSlow).map(LearnedRoute::toString).toList();
	}

}
