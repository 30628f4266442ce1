package dev.loopline.autoconfigure.web;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.Strand;

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

	private final Map<String, Entry> entries = new ConcurrentHashMap<>();

	/**
	 * Returns a strand that stalled, if the next request is expected to do so too and
	 * must not start on a worker.
	 */
	@Nullable Strand exampleFor(String path) {
		Entry entry = this.entries.isEmpty() ? null : this.entries.get(path);
		return (entry != null && entry.requests.incrementAndGet() % PROBE_INTERVAL != 0) ? entry.example : null;
	}

	/**
	 * Looks how a request went that started on a worker.
	 */
	void learn(String path, Strand strand) {
		if (!strand.isSlow()) {
			if (!this.entries.isEmpty()) {
				this.entries.remove(path);
			}
			return;
		}
		if (this.entries.size() >= CAPACITY) {
			this.entries.clear();
		}
		this.entries.putIfAbsent(path, new Entry(strand, new AtomicInteger()));
	}

	private record Entry(Strand example, AtomicInteger requests) {

	}

}
