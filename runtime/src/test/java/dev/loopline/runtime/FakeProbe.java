package dev.loopline.runtime;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A {@link ThreadProbe} that says what a test tells it; at first all threads are runnable
 * and have used nothing. Safe for use by many threads.
 */
final class FakeProbe implements ThreadProbe {

	private final Set<Thread> waiting = ConcurrentHashMap.newKeySet();

	private final Map<Thread, Long> used = new ConcurrentHashMap<>();

	@Override
	public long cpuNanos(Thread thread) {
		return this.used.getOrDefault(thread, 0L);
	}

	@Override
	public boolean isRunnable(Thread thread) {
		return !this.waiting.contains(thread);
	}

	void sayWaiting(Thread thread) {
		this.waiting.add(thread);
	}

	void sayRunnable(Thread thread) {
		this.waiting.remove(thread);
	}

	void sayUsed(Thread thread, Duration time) {
		this.used.merge(thread, time.toNanos(), Long::sum);
	}

}
