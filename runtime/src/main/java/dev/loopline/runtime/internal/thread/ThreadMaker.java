package dev.loopline.runtime.internal.thread;

import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.internal.support.Failures;
import dev.loopline.runtime.time.Ticker;

/**
 * Makes the threads of a runtime in a place of its own, so that they inherit nothing from
 * whoever needs them. Safe for use by many threads.
 */
public final class ThreadMaker implements ThreadFactory {

	/*-
	 * A new thread takes over from the one that makes it: inheritable thread-locals, context class loader,
	 * access context, priority, daemon status, group. Ours are needed in the middle of a handler and then
	 * serve everybody. A factory that was handed in cannot be told to take over nothing, so it is called
	 * on a thread that has nothing to give: no thread-locals, the class loader of whoever started the
	 * runtime, normal priority, the group of the application.
	 *
	 * This thread runs the factory, tries again what failed for want of threads and says so in the log,
	 * and nothing else. It never waits for another thread of the runtime; who waits for it does so for a
	 * bounded time, and without the monitor of the pool.
	 */

	/** The longest time that a factory may take. Only one that hangs takes so long. */
	private static final long PATIENCE_NANOS = 10_000_000_000L;

	/**
	 * The longest wait for the end of the thread. Only a factory that hangs takes so
	 * long.
	 */
	private static final long END_NANOS = 1_000_000_000L;

	private final ThreadFactory factory;

	private final Consumer<Thread> made;

	private final @Nullable ClassLoader classLoader;

	private final ScheduledThreadPoolExecutor executor;

	private volatile @Nullable Thread thread;

	private ThreadMaker(ThreadFactory factory, Consumer<Thread> made) {
		this.factory = factory;
		this.made = made;
		this.classLoader = Thread.currentThread().getContextClassLoader();
		this.executor = new ScheduledThreadPoolExecutor(1, this::newCleanThread);
		this.executor.prestartCoreThread();
	}

	/**
	 * Makes a maker that calls the factory. Keeps the context class loader of the caller,
	 * for all threads.
	 * @param made told about every thread before it starts
	 */
	public static ThreadFactory of(ThreadFactory factory, Consumer<Thread> made) {
		if (factory instanceof InPlace) {
			return factory;
		}
		return new ThreadMaker((factory instanceof ThreadMaker other) ? other.factory : factory, made);
	}

	/**
	 * Makes a thread that inherits nothing. There is no other way to do without the
	 * access context, which carries the user of a {@link javax.security.auth.Subject} up
	 * to JDK 23.
	 */
	// The priority of whoever comes here first is not to be that of all threads
	@SuppressWarnings({ "removal", "ThreadPriorityCheck" })
	private Thread newCleanThread(Runnable body) {
		Thread thread = AccessController.doPrivileged((PrivilegedAction<Thread>) () -> {
			Thread clean = new Thread(outermostGroup(), body, "loopline-thread-maker", 0, false);
			clean.setDaemon(true);
			clean.setPriority(Thread.NORM_PRIORITY);
			clean.setContextClassLoader(this.classLoader);
			return clean;
		});
		this.thread = thread;
		return thread;
	}

	/**
	 * Returns the group of the application's main thread: the outermost one but the
	 * system's.
	 */
	private static ThreadGroup outermostGroup() {
		ThreadGroup group = Thread.currentThread().getThreadGroup();
		for (ThreadGroup parent = group.getParent(); parent != null
				&& parent.getParent() != null; parent = group.getParent()) {
			group = parent;
		}
		return group;
	}

	/**
	 * Makes a thread.
	 * @throws IllegalStateException if the factory makes none
	 */
	@Override
	public Thread newThread(Runnable runnable) {
		if (Thread.currentThread() == this.thread) {
			return make(runnable);
		}
		FutureTask<Thread> request = new FutureTask<>(() -> make(runnable));
		this.executor.execute(request);
		return await(request);
	}

	@SuppressWarnings("NullAway") // the contract of a factory allows for null
	private Thread make(Runnable runnable) {
		Thread made = this.factory.newThread(runnable);
		if (made == null) {
			throw new IllegalStateException("The thread factory refuses to make a thread");
		}
		this.made.accept(made);
		return made;
	}

	private static Thread await(FutureTask<Thread> request) {
		long deadline = Ticker.system().nanos() + PATIENCE_NANOS;
		boolean interrupted = false;
		try {
			for (;;) {
				try {
					return request.get(deadline - Ticker.system().nanos(), TimeUnit.NANOSECONDS);
				}
				catch (InterruptedException ex) {
					interrupted = true; // not our business
				}
			}
		}
		catch (TimeoutException ex) {
			request.cancel(false);
			throw new IllegalStateException("The thread factory does not answer", ex);
		}
		catch (ExecutionException ex) {
			Failures.rethrow(ex.getCause());
			throw new IllegalStateException("The thread factory failed", ex);
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * Runs something on the thread of the maker, unless the runtime has ended. What must
	 * not depend on other threads.
	 */
	public void run(Runnable action, long delayNanos) {
		try {
			this.executor.schedule(action, delayNanos, TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException ex) {
			// Nobody needs a thread any more.
		}
	}

	/**
	 * Ends the thread of a maker, if that is one, and waits for it.
	 */
	public static void stop(ThreadFactory threads) {
		if (threads instanceof ThreadMaker maker) {
			maker.executor.shutdownNow();
			ThreadJoin.await(maker.thread, Ticker.system().nanos() + END_NANOS);
		}
	}

	/**
	 * Marks a factory whose threads inherit nothing wherever they are made.
	 */
	public interface InPlace extends ThreadFactory {

	}

}
