package dev.loopline.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

/**
 * Counts the requests of each route that were refused, as too many waited for a thread.
 * Safe for use by many threads.
 */
public final class Refusals {

	/**
	 * Later routes are counted together, as each is a time series for ever.
	 */
	static final int MAX_ROUTES = 100;

	private static final String OTHERS = "others";

	/**
	 * Of requests that were refused before it was known what they would be handled by.
	 */
	private static final String UNKNOWN = "unknown";

	private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

	private final List<BiConsumer<String, LongAdder>> listeners = new CopyOnWriteArrayList<>();

	/**
	 * Creates counts of nothing.
	 */
	public Refusals() {
		newCount(UNKNOWN);
	}

	/**
	 * Counts a request.
	 * @param route its route, or {@code null} if that is not known
	 */
	public void add(@Nullable String route) {
		String name = (route != null) ? route : UNKNOWN;
		LongAdder count = this.counts.get(name);
		((count != null) ? count : newCount(name)).increment();
	}

	private synchronized LongAdder newCount(String route) {
		String name = (this.counts.size() < MAX_ROUTES) ? route : OTHERS;
		return this.counts.computeIfAbsent(name, (added) -> {
			LongAdder count = new LongAdder();
			this.listeners.forEach((listener) -> listener.accept(added, count));
			return count;
		});
	}

	/**
	 * Tells somebody of the count of each route, now and later.
	 * @param listener called once for each route
	 */
	public synchronized void forEachRoute(BiConsumer<String, LongAdder> listener) {
		this.listeners.add(listener);
		this.counts.forEach(listener);
	}

	/**
	 * Returns how many requests of each route were refused.
	 * @return the routes of which some were
	 */
	public Map<String, Long> byRoute() {
		Map<String, Long> counts = new TreeMap<>();
		this.counts.forEach((route, count) -> counts.put(route, count.sum()));
		counts.values().removeIf((count) -> count == 0);
		return counts;
	}

	/**
	 * Returns how many requests were refused.
	 * @return the number
	 */
	public long total() {
		return this.counts.values().stream().mapToLong(LongAdder::sum).sum();
	}

}
