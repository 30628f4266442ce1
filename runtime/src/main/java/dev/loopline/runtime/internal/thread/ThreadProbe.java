package dev.loopline.runtime.internal.thread;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

import dev.loopline.runtime.time.Ticker;

/**
 * What can be learned about a thread from outside. Safe for use by many threads.
 */
public interface ThreadProbe {

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
	 * Returns whether a thread waits for something else than the processor: unlike one
	 * that does not run yet although what it waited for has happened. Costs more than
	 * {@link #isRunnable}.
	 */
	default boolean isWaiting(Thread thread) {
		return !isRunnable(thread);
	}

	/**
	 * Returns for how long a thread could have run and was not given the processor, up to
	 * when it was given it last; always 0 if that is not known.
	 */
	default long runDelayNanos(Thread thread) {
		return 0;
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
			return (thread) -> Ticker.system().nanos();
		}
		return new ThreadProbe() {

			@Override
			public long cpuNanos(Thread thread) {
				return threads.getThreadCpuTime(thread.getId());
			}

			@Override
			public boolean isRunnable(Thread thread) {
				return ThreadProbe.super.isRunnable(thread)
						&& !osThreads.isAsleep(thread, cpuNanos(thread), Ticker.system().nanos());
			}

			@Override
			public boolean isWaiting(Thread thread) {
				// The JVM goes on to call a thread a waiting one until it has run again
				return !isRunnable(thread) && (ThreadProbe.super.isRunnable(thread) || !osThreads.hasBeenWoken(thread));
			}

			@Override
			public long runDelayNanos(Thread thread) {
				return osThreads.runDelayNanos(thread);
			}

		};
	}

}
