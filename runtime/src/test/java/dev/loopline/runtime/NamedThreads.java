package dev.loopline.runtime;

import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Makes threads that can be told from all others. Safe for use by many threads.
 */
public final class NamedThreads implements ThreadFactory {

	private static final AtomicInteger factories = new AtomicInteger();

	private final String prefix = "named-" + factories.incrementAndGet() + "-";

	private final AtomicInteger created = new AtomicInteger();

	@Override
	public Thread newThread(Runnable runnable) {
		Thread thread = new Thread(runnable, this.prefix + this.created.incrementAndGet());
		thread.setDaemon(true);
		return thread;
	}

	public int created() {
		return this.created.get();
	}

	public boolean made(Thread thread) {
		return thread.getName().startsWith(this.prefix);
	}

	public Set<Thread> alive() {
		return Thread.getAllStackTraces().keySet().stream().filter(this::made).collect(Collectors.toSet());
	}

}
