package dev.loopline.runtime;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import dev.loopline.runtime.internal.thread.ThreadProbe;

/**
 * A {@link ThreadProbe} that says what a test tells it; at first all threads are runnable
 * in an application's handler and have used nothing. Safe for use by many threads.
 */
public final class FakeProbe implements ThreadProbe {

	private final Set<Thread> waiting = ConcurrentHashMap.newKeySet();

	/** The outermost frame of a stack that a poll is on. */
	public static final StackTraceElement POLL = new StackTraceElement(Strand.class.getName(), "poll", "Strand.java",
			1);

	public static final StackTraceElement HANDLER = new StackTraceElement("com.example.Handler", "handle",
			"Handler.java", 7);

	private final Map<Thread, Long> used = new ConcurrentHashMap<>();

	private final Map<Thread, Long> delays = new ConcurrentHashMap<>();

	private final AtomicInteger samples = new AtomicInteger();

	private volatile Supplier<StackTraceElement[]> stack = () -> new StackTraceElement[] { HANDLER, POLL };

	@Override
	public long cpuNanos(Thread thread) {
		return this.used.getOrDefault(thread, 0L);
	}

	@Override
	public boolean isRunnable(Thread thread) {
		return !this.waiting.contains(thread);
	}

	@Override
	public long runDelayNanos(Thread thread) {
		return this.delays.getOrDefault(thread, 0L);
	}

	@Override
	public StackTraceElement[] stack(Thread thread) {
		this.samples.incrementAndGet();
		return this.stack.get();
	}

	public void sayStack(Supplier<StackTraceElement[]> stack) {
		this.stack = stack;
	}

	public int samples() {
		return this.samples.get();
	}

	public void sayWaiting(Thread thread) {
		this.waiting.add(thread);
	}

	public void sayRunnable(Thread thread) {
		this.waiting.remove(thread);
	}

	public void sayDelayed(Thread thread, Duration time) {
		this.delays.merge(thread, time.toNanos(), Long::sum);
	}

	public void sayUsed(Thread thread, Duration time) {
		this.used.merge(thread, time.toNanos(), Long::sum);
	}

}
