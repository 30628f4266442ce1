package dev.loopline.autoconfigure.web;

import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

import dev.loopline.autoconfigure.Refusals;
import dev.loopline.runtime.Strand;
import dev.loopline.runtime.time.Ticker;

/**
 * The routes of requests that stalled a worker. A connection that is slow is remembered
 * by its strand; a request on a new one has no past but its route. Safe for use by many
 * threads.
 */
public final class SlowRoutes {

	/*-
	 * What is learned, and forgotten
	 * ------------------------------
	 * 1. A request begins on a worker and stalls it. From the moment that it loses the worker its route is slow,
	 *    whether it ever ends or not: the pattern that it was dispatched by, or its path if it was not yet. A
	 *    thread that is found loading a class teaches nothing the first time. When several paths below the same
	 *    first segment have stalled before they were dispatched, all below it are slow.
	 * 2. Requests that this pattern matches start in the slow lane, before anybody knows their own routes.
	 * 3. If such a request turns out to be of another route, that one is noted as innocent. As patterns are
	 *    searched like mappings are, the most specific first, it is found instead from then on.
	 * 4. Requests that are expected to stall are timed where they run, so nobody has to be tried on a worker.
	 *    When a few in a row have ended in time the route is forgotten; it takes more of them, and at last very
	 *    many, if it turned out to stall soon after each of the last times (PastStalls). Without slow routes no
	 *    innocent ones are needed.
	 */

	/** Slow and innocent patterns, all of which may have to be looked at. */
	static final int MAX_PATTERNS = 64;

	/** Paths may hold identifiers, so there is no end to them. */
	static final int MAX_PATHS = 1_000;

	/** Paths that stalled below the same first segment until all below it are slow. */
	static final int MANY_PATHS = 8;

	private static final Logger logger = LoggerFactory.getLogger(SlowRoutes.class);

	private final boolean learning;

	private final LineLimits limits;

	/** Those that have patterns by their names, the eldest first. Guarded by this. */
	private final Map<String, LearnedRoute> known = new LinkedHashMap<>();

	/** The same, the most specific first. Replaced as a whole. */
	private volatile List<LearnedRoute> patterns = List.of();

	private final Map<String, LearnedRoute> paths = new ConcurrentHashMap<>();

	/** Guarded by this. */
	private final PastStalls past;

	private final Ticker ticker;

	/**
	 * Creates routes of which nothing is known.
	 * @param learning whether anything is ever learned
	 * @param limits for the requests of each route
	 */
	SlowRoutes(boolean learning, LineLimits limits) {
		this(learning, limits, Ticker.system());
	}

	SlowRoutes(boolean learning, LineLimits limits, Ticker ticker) {
		this.learning = learning;
		this.limits = limits;
		this.past = new PastStalls(ticker);
		this.ticker = ticker;
	}

	/**
	 * Returns routes of which nothing is known yet, that are learned alike.
	 */
	SlowRoutes forContinuations() {
		return new SlowRoutes(this.learning, this.limits, this.ticker);
	}

	/**
	 * Returns routes of which nothing is ever known.
	 */
	static SlowRoutes none() {
		return new SlowRoutes(false, new LineLimits(null, Duration.ZERO, new Refusals()));
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
	 * @param loading whether its thread was loading a class
	 */
	synchronized void learn(ServerHttpRequest request, @Nullable PathPattern pattern, Strand strand, boolean loading) {
		if (!this.learning || isUpgrade(request)) {
			return;
		}
		String path = key(request);
		String name = (pattern != null) ? name(request, pattern) : path;
		if (this.past.isExcused(name, loading)) {
			return;
		}
		if (pattern != null) {
			this.paths.remove(path); // it had not been dispatched yet
			add(slow(name, request, pattern, strand, name));
			return;
		}
		if (this.paths.size() >= MAX_PATHS) {
			this.paths.clear();
		}
		this.paths.putIfAbsent(path, slow(name, request, null, strand, null));
		widen(request, strand);
	}

	private LearnedRoute slow(String name, ServerHttpRequest request, @Nullable PathPattern pattern, Strand strand,
			@Nullable String shown) {
		return LearnedRoute.slow(name, request.getMethod(), pattern, strand, new RouteLine(shown, this.limits),
				this.past.distrust(name));
	}

	/**
	 * Learns what several paths have in common that stalled before they were dispatched:
	 * a filter that blocks would take a worker for each identifier.
	 */
	private void widen(ServerHttpRequest request, Strand strand) {
		String path = request.getPath().pathWithinApplication().value();
		int end = path.indexOf('/', 1);
		String parent = (end > 0) ? path.substring(0, end + 1) : "/";
		String prefix = request.getMethod() + " " + request.getPath().contextPath().value() + parent;
		long alike = this.paths.keySet()
			.stream()
			.filter((known) -> known.startsWith(prefix) && (end > 0 || known.indexOf('/', prefix.length()) < 0))
			.count();
		PathPattern pattern = (alike >= MANY_PATHS) ? commonPattern(parent, end > 0) : null;
		if (pattern != null) {
			add(slow(name(request, pattern), request, pattern, strand, null));
		}
	}

	/**
	 * Returns a pattern for all paths below one.
	 * @return {@code null} if what a client wrote makes none
	 */
	private static @Nullable PathPattern commonPattern(String parent, boolean deep) {
		boolean literal = parent.chars()
			.allMatch((c) -> c == '/' || c == '-' || c == '_' || c == '.' || c < 128 && Character.isLetterOrDigit(c));
		return literal ? PathPatternParser.defaultInstance.parse(parent + (deep ? "**" : "{segment}")) : null;
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
			add(LearnedRoute.innocent(name(request, pattern), request.getMethod(), pattern));
		}
	}

	/**
	 * Adds a route unless as much is known of it already.
	 */
	private synchronized void add(LearnedRoute route) {
		LearnedRoute known = this.known.get(route.name());
		if (known != null && (known.isSlow() || !route.isSlow())) {
			return;
		}
		this.known.remove(route.name());
		if (this.known.size() >= MAX_PATTERNS) {
			removeEldest();
		}
		this.known.put(route.name(), route);
		publish();
		if (route.isSlow() && route.isShown()) {
			logger.debug("{} stalled a worker: its requests start on threads for blocking work from now on."
					+ " List it in loopline.web.blocking-routes to spare the first one, too", route);
		}
	}

	/**
	 * To forget all of them would let the slow ones take workers again, all at once.
	 */
	private void removeEldest() {
		LearnedRoute eldest = this.known.values()
			.stream()
			.filter((route) -> !route.isSlow())
			.findFirst()
			.orElse(this.known.values().iterator().next());
		this.known.remove(eldest.name());
	}

	/**
	 * Takes note of the end of a request that was expected to stall.
	 * @param stalled whether it has
	 */
	void ended(LearnedRoute route, boolean stalled) {
		if (route.isInnocentAfter(stalled)) {
			forget(route);
		}
	}

	/**
	 * Forgets a route whose requests do not stall any more.
	 */
	private synchronized void forget(LearnedRoute route) {
		if (this.paths.remove(route.name(), route) || this.known.remove(route.name(), route)) {
			publish();
			this.past.forgotten(route.name(), route.distrust());
		}
	}

	private void publish() {
		boolean needed = this.known.values().stream().anyMatch(LearnedRoute::isSlow);
		if (!needed) {
			this.known.clear();
		}
		this.patterns = this.known.values()
			.stream()
			.sorted(Comparator.comparing(LearnedRoute::pattern, Comparator.nullsLast(Comparator.naturalOrder())))
			.toList();
	}

	private static String name(ServerHttpRequest request, PathPattern pattern) {
		return request.getMethod() + " " + pattern;
	}

	private static String key(ServerHttpRequest request) {
		return request.getMethod() + " " + request.getPath().value();
	}

	/**
	 * Returns the slow routes that have patterns.
	 * @return methods and patterns, the most specific first
	 */
	public List<String> names() {
		return this.patterns.stream()
			.filter((route) -> route.isSlow() && route.isShown())
			.map(LearnedRoute::toString)
			.toList();
	}

}
