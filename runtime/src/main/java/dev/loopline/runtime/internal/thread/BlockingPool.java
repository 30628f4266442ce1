package dev.loopline.runtime.internal.thread;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.loopline.runtime.internal.support.Failures;
import dev.loopline.runtime.time.Ticker;

/**
 * Threads for work that blocks: elastic, bounded, and with a bounded queue. Safe for use
 * by many threads.
 */
public final class BlockingPool implements Executor {

	/*-
	 * A ThreadPoolExecutor either starts a thread although another one idles or queues although it
	 * could start one; this pool does neither. Everything is guarded by the monitor of the pool, which
	 * is held for a few instructions: its users are about to block for far longer. Idle threads are a
	 * stack, each parks on its own: a job wakes one thread, and those that are not needed time out.
	 *
	 * Some jobs may use threads beyond the maximum. These are threads as all others, so what counts is how many
	 * are busy: within the maximum for most jobs, those that are queued included, beyond it for these.
	 *
	 * Threads are made and started outside of the monitor, as a factory that was handed in may do anything.
	 * When one cannot be started, nobody tries again for a second, as each try costs the system that has
	 * none left as much as a thread. Then whoever needs one does, or the maker for what is queued.
	 *
	 * To start a thread takes a tenth of a millisecond, and many times that where threads wait for the processor, as the
	 * new one must have run first. Who has no time for that lets the maker do it. It starts one after the other, and
	 * in between what others want of it, who wait for theirs. A thread that is done first takes the job instead.
	 */

	private static final Logger logger = LoggerFactory.getLogger(BlockingPool.class);

	/** Between two tries to start a thread when the last one failed. */
	public static final long BACKOFF_NANOS = 1_000_000_000;

	private final int maxThreads;

	private final int queueCapacity;

	private final long keepAliveNanos;

	private final ThreadFactory threadFactory;

	private final UnaryOperator<Runnable> decorator;

	private final Ticker ticker;

	/** Jobs that wait because every thread is busy. */
	@GuardedBy("this")
	private final ArrayDeque<Runnable> queue = new ArrayDeque<>();

	@GuardedBy("this")
	private final Set<Thread> threads = new HashSet<>();

	/** Threads that have run their last job since the shutdown, and may not be gone. */
	@GuardedBy("this")
	private final List<Thread> leaving = new ArrayList<>();

	/** Threads that are being made. */
	@GuardedBy("this")
	private int starting;

	@GuardedBy("this")
	private final StartFailures failures = new StartFailures();

	@GuardedBy("this")
	private boolean retryScheduled;

	/** Jobs whose threads the maker is yet to start. Each has its place. */
	@GuardedBy("this")
	private final ArrayDeque<Runnable> promised = new ArrayDeque<>();

	/** Whether the maker will look for promised jobs. */
	@GuardedBy("this")
	private boolean keepingPromises;

	/** Threads that wait for a job and were given none. */
	@GuardedBy("this")
	private final ArrayDeque<Idler> idlers = new ArrayDeque<>();

	/** Written under the monitor. */
	private volatile boolean shutdown;

	public BlockingPool(int maxThreads, int queueCapacity, Duration keepAlive, ThreadFactory threadFactory,
			Ticker ticker) {
		this(maxThreads, queueCapacity, keepAlive, threadFactory, ticker, UnaryOperator.identity());
	}

	/**
	 * Creates a pool.
	 * @param decorator of what its threads run
	 */
	public BlockingPool(int maxThreads, int queueCapacity, Duration keepAlive, ThreadFactory threadFactory,
			Ticker ticker, UnaryOperator<Runnable> decorator) {
		this.maxThreads = maxThreads;
		this.queueCapacity = queueCapacity;
		this.keepAliveNanos = keepAlive.toNanos();
		this.threadFactory = threadFactory;
		this.decorator = decorator;
		this.ticker = ticker;
	}

	/**
	 * Runs a job on an idle or new thread, or queues it if all are busy or no more can be
	 * started.
	 * @throws RejectedExecutionException if the queue is full or the pool was shut down
	 */
	@Override
	public void execute(Runnable job) {
		if (!submit(job, 0, true)) {
			throw refusal();
		}
	}

	/**
	 * Runs a job on an idle or new thread.
	 * @return {@code false} if all threads are busy and no more can be started
	 */
	public boolean tryExecute(Runnable job) {
		return tryExecute(job, 0);
	}

	/**
	 * Runs a job on an idle or new thread.
	 * @param beyond how many more threads than the maximum may be busy with it
	 * @return {@code false} if as many are busy or no more can be started
	 */
	public boolean tryExecute(Runnable job, int beyond) {
		return submit(job, beyond, false);
	}

	/**
	 * Runs a job on an idle thread, or on one that is started while the caller goes on.
	 * If that fails, the job waits for a thread as if it had been queued.
	 * @param beyond how many more threads than the maximum may be busy with it
	 * @return {@code false} if as many are busy, or none could be started lately
	 */
	public boolean tryExecuteSoon(Runnable job, int beyond) {
		if (!(this.threadFactory instanceof ThreadMaker maker)) {
			return tryExecute(job, beyond);
		}
		synchronized (this) {
			if (this.shutdown || busyThreads() >= this.maxThreads + beyond) {
				return false;
			}
			if (handOver(job)) {
				return true;
			}
			if (!reserve()) {
				return false;
			}
			this.promised.add(job);
			if (this.keepingPromises) {
				return true;
			}
			this.keepingPromises = true;
		}
		maker.run(this::keepPromise, 0);
		return true;
	}

	private boolean submit(Runnable job, int beyond, boolean mayWait) {
		do {
			synchronized (this) {
				if (this.shutdown) {
					return false;
				}
				boolean free = busyThreads() < this.maxThreads + beyond;
				if (free && handOver(job)) {
					return true;
				}
				if (!free || !reserve()) {
					return mayWait && enqueue(job);
				}
			}
		}
		while (!start(job));
		return true;
	}

	@GuardedBy("this")
	private boolean handOver(Runnable job) {
		Idler idler = this.idlers.pollLast();
		if (idler == null) {
			return false;
		}
		idler.job = job;
		LockSupport.unpark(idler.thread);
		return true;
	}

	@GuardedBy("this")
	private boolean enqueue(Runnable job) {
		if (this.queue.size() >= this.queueCapacity) {
			return false;
		}
		this.queue.add(job);
		if (this.failures.last() != null) {
			scheduleRetry();
		}
		return true;
	}

	private synchronized RejectedExecutionException refusal() {
		if (this.shutdown) {
			return new RejectedExecutionException("The runtime has ended");
		}
		Throwable failure = this.failures.last();
		if (failure != null) {
			return new RejectedExecutionException(
					"%d of %d blocking threads run, no more can be started (%s), and %d jobs are waiting"
						.formatted(this.threads.size(), this.maxThreads, failure, this.queue.size()),
					failure);
		}
		return new RejectedExecutionException("All %d blocking threads are busy and %d jobs are waiting"
			.formatted(this.maxThreads, this.queueCapacity));
	}

	/*
	 * --------------- Starting threads ---------------
	 */

	/**
	 * Takes the place of a thread that is to be started.
	 */
	@GuardedBy("this")
	private boolean reserve() {
		boolean mayTry = this.failures.mayTry(this.ticker.nanos());
		this.starting += mayTry ? 1 : 0;
		return mayTry;
	}

	/**
	 * Starts a thread whose place is reserved.
	 * @return {@code false} if that failed
	 */
	private boolean start(Runnable job) {
		Thread thread = null;
		try {
			Jobs jobs = new Jobs(job);
			thread = this.threadFactory.newThread(this.decorator.apply(jobs));
			jobs.thread = thread;
			synchronized (this) {
				this.threads.add(thread);
				this.starting--;
			}
			thread.start();
		}
		catch (Throwable ex) {
			startFailed(thread, ex);
			return false;
		}
		synchronized (this) {
			this.failures.succeeded();
		}
		return true;
	}

	/**
	 * Starts a thread for the next promised job. Called by the maker.
	 */
	private void keepPromise() {
		Runnable job = nextPromise();
		if (job != null) {
			if (!start(job)) {
				putBack(job);
				breakPromises();
			}
			later(this::keepPromise, 0); // behind what others want of the maker
		}
	}

	private synchronized @Nullable Runnable nextPromise() {
		Runnable job = this.promised.poll();
		this.keepingPromises = job != null;
		return job;
	}

	/**
	 * Lets the jobs wait whose threads cannot be started.
	 */
	private synchronized void breakPromises() {
		this.starting -= this.promised.size();
		while (!this.promised.isEmpty()) {
			this.queue.addFirst(this.promised.removeLast());
		}
		if (!this.queue.isEmpty()) {
			scheduleRetry();
		}
	}

	private void startFailed(@Nullable Thread thread, Throwable ex) {
		int running;
		boolean warn;
		synchronized (this) {
			if (thread == null || !this.threads.remove(thread)) {
				this.starting--;
			}
			warn = this.failures.add(ex, this.ticker.nanos());
			running = this.threads.size();
			if (!this.queue.isEmpty()) {
				scheduleRetry(); // what was queued meanwhile counted on this thread
			}
			notifyAll();
		}
		if (warn) {
			Runnable warning = () -> Failures.warn(logger, ex,
					"No thread can be started while {} of {} run, and it is tried again "
							+ "every second: what needs one waits or is refused",
					running, this.maxThreads);
			if (!later(warning, 0)) {
				warning.run();
			}
		}
	}

	@GuardedBy("this")
	private void scheduleRetry() {
		if (!this.retryScheduled) {
			this.retryScheduled = true;
			later(this::retry, BACKOFF_NANOS);
		}
	}

	/**
	 * Returns whether {@link #retry()} will be called.
	 */
	public synchronized boolean isRetryScheduled() {
		return this.retryScheduled;
	}

	/**
	 * Starts threads for what is queued, if that is due. Called by the maker.
	 */
	void retry() {
		synchronized (this) {
			this.retryScheduled = false;
		}
		for (Runnable job; (job = takeForNewThread()) != null;) {
			if (!start(job)) {
				putBack(job);
			}
		}
	}

	private synchronized void putBack(Runnable job) {
		if (!handOver(job)) { // a thread that found nothing meanwhile
			this.queue.addFirst(job);
		}
	}

	private synchronized @Nullable Runnable takeForNewThread() {
		if (this.queue.isEmpty() || busyThreads() >= this.maxThreads) {
			return null;
		}
		if (!reserve()) {
			if (this.failures.last() != null) {
				scheduleRetry();
			}
			return null;
		}
		return this.queue.poll();
	}

	/**
	 * Runs something on the thread of the maker, if there is one.
	 */
	private boolean later(Runnable action, long delayNanos) {
		if (this.threadFactory instanceof ThreadMaker maker) {
			maker.run(action, delayNanos);
			return true;
		}
		return false;
	}

	/**
	 * Returns why no thread can be started.
	 * @return {@code null} if the last start succeeded
	 */
	public synchronized @Nullable Throwable failure() {
		return this.failures.last();
	}

	/**
	 * Returns how often a thread could not be started.
	 */
	public synchronized long startFailures() {
		return this.failures.count();
	}

	/*
	 * --------------- Running jobs ---------------
	 */

	private void runJobs(Runnable first, Thread thread) {
		try {
			for (Runnable job = first; job != null; job = nextJob(thread)) {
				run(job);
			}
		}
		finally {
			ended(thread);
			retry(); // it may not have been the orderly end
		}
	}

	private static void run(Runnable job) {
		try {
			job.run();
		}
		catch (Throwable ex) {
			Failures.warn(logger, ex, "A blocking job threw an exception: {}", job);
		}
		finally {
			Thread.interrupted(); // the job's, not the next one's
		}
	}

	private @Nullable Runnable nextJob(Thread thread) {
		Idler idler;
		synchronized (this) {
			Runnable job = takeWaiting();
			if (job != null || this.shutdown) {
				return job;
			}
			idler = new Idler(thread);
			this.idlers.add(idler);
		}
		long deadline = Ticker.system().nanos() + this.keepAliveNanos;
		while (idler.job == null) {
			long left = deadline - Ticker.system().nanos();
			if ((left <= 0 || this.shutdown) && leave(idler)) {
				return null;
			}
			LockSupport.parkNanos(this, left);
			Thread.interrupted(); // a job's late interrupt would keep it from parking
		}
		return idler.job;
	}

	@GuardedBy("this")
	private @Nullable Runnable takeWaiting() {
		Runnable promised = this.promised.poll();
		if (promised != null) {
			this.starting--; // in its place
			return promised;
		}
		return (busyThreads() <= this.maxThreads || this.shutdown) ? this.queue.poll() : null;
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
		if (this.threads.remove(thread) && this.shutdown) {
			this.leaving.add(thread);
		}
		notifyAll();
	}

	/**
	 * Refuses new jobs; what is queued still runs.
	 */
	public synchronized void shutdown() {
		this.shutdown = true;
		this.idlers.forEach((idler) -> LockSupport.unpark(idler.thread));
	}

	public boolean isShutdown() {
		return this.shutdown;
	}

	/**
	 * Waits until all threads have ended, and are gone.
	 * @return the threads that have not ended in time
	 */
	public Set<Thread> awaitTermination(long deadlineNanos) {
		Set<Thread> left = awaitEnds(deadlineNanos);
		for (Thread thread : takeLeaving()) {
			ThreadJoin.await(thread, deadlineNanos);
		}
		return left;
	}

	private synchronized Set<Thread> awaitEnds(long deadlineNanos) {
		long left;
		while ((threads() > 0 || !this.queue.isEmpty()) && (left = deadlineNanos - Ticker.system().nanos()) > 0) {
			try {
				wait(left / 1_000_000, (int) (left % 1_000_000));
			}
			catch (InterruptedException ex) {
				// A job's late interrupt: an idle thread has nothing to interrupt.
			}
		}
		return Set.copyOf(this.threads);
	}

	private synchronized List<Thread> takeLeaving() {
		List<Thread> taken = List.copyOf(this.leaving);
		this.leaving.clear();
		return taken;
	}

	/**
	 * Returns whether the calling thread is one of this pool.
	 */
	public synchronized boolean isOwnThread() {
		return this.threads.contains(Thread.currentThread());
	}

	public synchronized int threads() {
		return this.threads.size() + this.starting;
	}

	private synchronized int busyThreads() {
		return threads() - this.idlers.size();
	}

	/**
	 * Returns how many threads are busy beyond the maximum; negative if some are left.
	 */
	public synchronized int excess() {
		return busyThreads() - this.maxThreads;
	}

	public synchronized int idleThreads() {
		return this.idlers.size();
	}

	public synchronized int queueDepth() {
		return this.queue.size();
	}

	/**
	 * What a thread of the pool runs. Whoever calls it may be another one, in tests.
	 */
	private final class Jobs implements Runnable {

		private final Runnable first;

		/** Written before it is started. */
		private @Nullable Thread thread;

		Jobs(Runnable first) {
			this.first = first;
		}

		@Override
		public void run() {
			runJobs(this.first, Objects.requireNonNull(this.thread));
		}

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
