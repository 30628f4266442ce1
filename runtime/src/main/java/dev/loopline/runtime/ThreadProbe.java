package dev.loopline.runtime;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * What can be learned about a thread from outside. Safe for use by many threads.
 */
interface ThreadProbe {

	/**
	 * Returns the processor time that a thread has used.
	 */
	long cpuNanos(Thread thread);

	/**
	 * Returns whether a thread neither waits nor sleeps, as far as is known.
	 */
	default boolean isRunnable(Thread thread) {
		return thread.getState() == Thread.State.RUNNABLE;
	}

	/**
	 * Returns the stack of a thread, the innermost frame first; empty if it has ended.
	 * May take as long as the thread takes to reach a safepoint.
	 */
	default StackTraceElement[] stack(Thread thread) {
		return thread.getStackTrace();
	}

	/**
	 * Asks the JVM and the operating system. Where the JVM does not measure processor
	 * time, a runnable thread is taken for a running one.
	 */
	static ThreadProbe system(OsThreads osThreads) {
		ThreadMXBean threads = ManagementFactory.getThreadMXBean();
		if (!threads.isThreadCpuTimeSupported() || !threads.isThreadCpuTimeEnabled()) {
			return (thread) -> SystemTicker.INSTANCE.nanos();
		}
		return new ThreadProbe() {

			@Override
			public long cpuNanos(Thread thread) {
				return threads.getThreadCpuTime(thread.getId());
			}

			@Override
			public boolean isRunnable(Thread thread) {
				return ThreadProbe.super.isRunnable(thread)
						&& !osThreads.isAsleep(thread, cpuNanos(thread), SystemTicker.INSTANCE.nanos());
			}

		};
	}

}
