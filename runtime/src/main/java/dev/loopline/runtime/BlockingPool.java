package dev.loopline.runtime;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads for work that blocks: elastic, bounded, and with a bounded queue. Safe for use
 * by many threads.
 */
final class BlockingPool implements Executor {

	/*-
	 * A ThreadPoolExecutor either starts a thread although another one idles or queues although it
	 * could start one; this pool does neither. Everything is guarded by the monitor of the pool, which
	 * is held for a few instructions: its users are about to block for far longer. Idle threads are a
	 * stack, each parks on its own: a job wakes one thread, and those that are not needed time out.
	 */

	private static final Logger logger = LoggerFactory.getLogger(BlockingPool.class);

	private final int maxThreads;

	private final int queueCapacity;

	private final long keepAliveNanos;

	private final ThreadFactory threadFactory;

	/** Jobs that wait because every thread is busy. */
	private final ArrayDeque<Runnable> queue = new ArrayDeque<>();

	private final Set<Thread> threads = new HashSet<>();

	/** Threads that wait for a job and were given none. */
	private final ArrayDeque<Idler> idlers = new ArrayDeque<>();

	/** Written under the monitor. */
	private volatile boolean shutdown;

	BlockingPool(int maxThreads, int queueCapacity, long keepAliveNanos, ThreadFactory threadFactory) {
		this.maxThreads = maxThreads;
		this.queueCapacity = queueCapacity;
		this.keepAliveNanos = keepAliveNanos;
		this.threadFactory = threadFactory;
	}

	/**
	 * Runs a job on an idle or new thread, or queues it if all are busy.
	 * @throws RejectedExecutionException if the queue is full or the pool was shut down
	 */
	@Override
	public void execute(Runnable job) {
		synchronized (this) {
			if (this.shutdown) {
				throw new RejectedExecutionException("The runtime has ended");
			}
			if (!startNow(job)) {
				if (this.queue.size() >= this.queueCapacity) {
					throw new RejectedExecutionException("All %d blocking threads are busy and %d jobs are waiting"
						.formatted(this.maxThreads, this.queueCapacity));
				}
				this.queue.add(job);
			}
		}
	}

	/**
	 * Runs a job on an idle or new thread.
	 * @return {@code false} if all threads are busy
	 */
	synchronized boolean tryExecute(Runnable job) {
		return !this.shutdown && startNow(job);
	}

	private boolean startNow(Runnable job) {
		Idler idler = this.idlers.pollLast();
		if (idler != null) {
			idler.job = job;
			LockSupport.unpark(idler.thread);
			return true;
		}
		if (this.threads.size() >= this.maxThreads) {
			return false;
		}
		Thread thread = this.threadFactory.newThread(() -> runJobs(job));
		try {
			thread.start();
		}
		catch (OutOfMemoryError ex) {
			if (this.threads.isEmpty()) {
				throw ex;
			}
			return false; // the system has no more threads: those that there are must do
		}
		this.threads.add(thread); // ends no sooner than the monitor is free
		return true;
	}

	private void runJobs(Runnable first) {
		try {
			for (Runnable job = first; job != null; job = nextJob()) {
				run(job);
			}
		}
		finally {
			ended(Thread.currentThread());
		}
	}

	private static void run(Runnable job) {
		try {
			job.run();
		}
		catch (Throwable ex) {
			logger.warn("A blocking job threw an exception: {}", job, ex);
		}
		finally {
			Thread.interrupted(); // the job's, not the next one's
		}
	}

	private @Nullable Runnable nextJob() {
		Idler idler;
		synchronized (this) {
			Runnable job = this.queue.poll();
			if (job != null || this.shutdown) {
				return job;
			}
			idler = new Idler(Thread.currentThread());
			this.idlers.add(idler);
		}
		long deadline = SystemTicker.INSTANCE.nanos() + this.keepAliveNanos;
		while (idler.job == null) {
			long left = deadline - SystemTicker.INSTANCE.nanos();
			if ((left <= 0 || this.shutdown) && leave(idler)) {
				return null;
			}
			LockSupport.parkNanos(this, left);
			Thread.interrupted(); // a job's late interrupt would keep it from parking
		}
		return idler.job;
	}

	/**
	 * Ends the wait of a thread, which from then on counts as ended: a job that comes now
	 * must not wait for it.
	 * @return {@code false} if it was given a job just before
	 */
	private synchronized boolean leave(Idler idler) {
		boolean left = this.idlers.remove(idler);
		if (left) {
			ended(idler.thread);
		}
		return left;
	}

	private synchronized void ended(Thread thread) {
		this.threads.remove(thread);
		notifyAll();
	}

	private void await(long nanos) {
		try {
			wait(nanos / 1_000_000, (int) (nanos % 1_000_000));
		}
		catch (InterruptedException ex) {
			// A job's late interrupt: an idle thread has nothing to interrupt.
		}
	}

	/**
	 * Refuses new jobs; what is queued still runs.
	 */
	synchronized void shutdown() {
		this.shutdown = true;
		this.idlers.forEach((idler) -> LockSupport.unpark(idler.thread));
	}

	/**
	 * Waits until all threads have ended.
	 * @return the threads that have not ended in time
	 */
	synchronized Set<Thread> awaitTermination(long deadlineNanos) {
		long left;
		while (!this.threads.isEmpty() && (left = deadlineNanos - SystemTicker.INSTANCE.nanos()) > 0) {
			await(left);
		}
		return Set.copyOf(this.threads);
	}

	/**
	 * Returns whether the calling thread is one of this pool.
	 */
	synchronized boolean isOwnThread() {
		return this.threads.contains(Thread.currentThread());
	}

	synchronized int threads() {
		return this.threads.size();
	}

	synchronized int idleThreads() {
		return this.idlers.size();
	}

	synchronized int queueDepth() {
		return this.queue.size();
	}

	/**
	 * A thread that waits for a job.
	 */
	private static final class Idler {

		private final Thread thread;

		private volatile @Nullable Runnable job;

		Idler(Thread thread) {
			this.thread = thread;
		}

	}

}
