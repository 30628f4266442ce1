package dev.loopline.runtime;

import java.util.Set;
import java.util.concurrent.ThreadFactory;

/**
 * Makes the threads of a runtime whose monitor looks at nothing, so that a test can look
 * in its place. Safe for use by many threads.
 */
public final class UnwatchedThreads implements ThreadFactory {

	private final NamedThreads threads = new NamedThreads();

	@Override
	public Thread newThread(Runnable runnable) {
		return this.threads.newThread((runnable instanceof Monitor) ? () -> {
		} : runnable);
	}

	public Set<Thread> alive() {
		return this.threads.alive();
	}

}
