package dev.loopline.runtime;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;

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
	 * is held for a few instructions: its users are about to block for far longer.
	 */

	private static final Logger logger = LoggerFactory.getLogger(BlockingPool.class);

	private final int maxThreads;

	private final int queueCapacity;

	private final long keepAliveNanos;

	private final ThreadFactory threadFactory;

	/** Jobs that wait because every thread is busy. */
	private final ArrayDeque<Runnable> queue = new ArrayDeque<>();

	/** Jobs that are meant for an idle thread, which is no longer counted as idle. */
	private final ArrayDeque<Runnable> handoffs = new ArrayDeque<>();

	private final Set<Thread> threads = new HashSet<>();

	/** Threads that wait for a job and that no job was yet meant for. */
	private int idle;

	private boolean shutdown;

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
		if (this.idle > 0) {
			this.idle--;
			this.handoffs.add(job);
			notifyAll();
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
			synchronized (this) {
				this.threads.remove(Thread.currentThread());
				notifyAll();
			}
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

	private synchronized @Nullable Runnable nextJob() {
		Runnable job = this.queue.poll();
		if (job != null || this.shutdown) {
			return job;
		}
		this.idle++;
		long deadline = SystemTicker.INSTANCE.nanos() + this.keepAliveNanos;
		while ((job = this.handoffs.poll()) == null && !this.shutdown) {
			long left = deadline - SystemTicker.INSTANCE.nanos();
			if (left <= 0) {
				this.idle--;
				return null;
			}
			await(left);
		}
		if (job == null) {
			this.idle--;
		}
		return job;
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
		notifyAll();
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
		return this.idle;
	}

	synchronized int queueDepth() {
		return this.queue.size();
	}

}
