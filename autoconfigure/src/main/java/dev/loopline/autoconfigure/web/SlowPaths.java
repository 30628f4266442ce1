package dev.loopline.autoconfigure.web;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The paths of requests that stalled a worker. A connection that is slow is remembered by
 * its strand; requests with strands of their own have no past but their path. Safe for
 * use by many threads.
 */
final class SlowPaths {

	/**
	 * Every so many requests one is tried on a worker again: often enough to notice a
	 * path that has become fast, seldom enough for its stall not to matter.
	 */
	static final int PROBE_INTERVAL = 64;

	/** Paths may hold identifiers, so there is no end to them. */
	static final int CAPACITY = 1_000;

	private final Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();

	/**
	 * Returns whether the next request is expected to stall and must not start on a
	 * worker.
	 */
	boolean isExpectedToStall(String path) {
		AtomicInteger count = this.requests.isEmpty() ? null : this.requests.get(path);
		return count != null && count.incrementAndGet() % PROBE_INTERVAL != 0;
	}

	/**
	 * Records how a request went that started on a worker.
	 */
	void learn(String path, boolean stalled) {
		if (!stalled) {
			if (!this.requests.isEmpty()) {
				this.requests.remove(path);
			}
			return;
		}
		if (this.requests.size() >= CAPACITY) {
			this.requests.clear();
		}
		this.requests.putIfAbsent(path, new AtomicInteger());
	}

}
