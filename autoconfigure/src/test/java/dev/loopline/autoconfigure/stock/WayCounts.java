package dev.loopline.autoconfigure.stock;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where requests were handled. Safe for use by many threads.
 */
final class WayCounts {

	private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();

	void count(String where) {
		this.counts.computeIfAbsent(where, (unknown) -> new AtomicInteger()).incrementAndGet();
	}

	int of(String where) {
		AtomicInteger count = this.counts.get(where);
		return (count != null) ? count.get() : 0;
	}

	int all() {
		return this.counts.values().stream().mapToInt(AtomicInteger::get).sum();
	}

	void clear() {
		this.counts.clear();
	}

	@Override
	public String toString() {
		return this.counts.toString();
	}

}
