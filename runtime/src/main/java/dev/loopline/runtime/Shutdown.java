package dev.loopline.runtime;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.loopline.runtime.internal.stall.StallRecorder;
import dev.loopline.runtime.internal.support.Failures;
import dev.loopline.runtime.internal.thread.BlockingPool;
import dev.loopline.runtime.internal.thread.ThreadJoin;
import dev.loopline.runtime.internal.thread.ThreadMaker;
import dev.loopline.runtime.time.Ticker;

/**
 * The orderly end of a runtime. Safe for use by many threads.
 */
final class Shutdown {

	/*-
	 * The protocol
	 * ------------
	 * 1. RUNNING -> DRAINING, once, by anybody, a worker included. A thread of its own sees to the rest.
	 * 2. DRAINING: everything that is registered with a driver is closed, which posts to its strand.
	 *    What is queued runs, and so does what that queues. Nobody blocks in a driver any more.
	 * 3. DRAINING -> CLOSING when nothing has run for the quiet period, or at the timeout.
	 * 4. CLOSING: worker threads end between two polls. A thread that is stuck in one is waited for
	 *    until the timeout, then named in the log and left behind. New work is refused; strands that are
	 *    still queued are closed.
	 * 5. CLOSING -> TERMINATED: drivers are destroyed, blocking threads are waited for until the timeout,
	 *    and the future is completed, last.
	 */

	private static final Logger logger = LoggerFactory.getLogger(Shutdown.class);

	/** Netty's default of {@code shutdownGracefully()}. */
	private static final long CLOSE_NANOS = 15_000_000_000L;

	/** Between two looks while draining: short beside any quiet period in use. */
	private static final long LOOK_NANOS = 1_000_000;

	/** Beyond the timeout and the grace, until something is taken for broken. */
	private static final long MARGIN_NANOS = 1_000_000_000;

	/** What threads get to notice the end when draining took up the whole timeout. */
	private static final long GRACE_NANOS = 1_000_000_000;

	private final Scheduler scheduler;

	private final ThreadFactory threadFactory;

	private final BlockingPool pool;

	private final SlowLane slowLane;

	private final Monitor monitor;

	private final StallRecorder stalls;

	private final Tasks tasks;

	private volatile Phase phase = Phase.RUNNING;

	private final CompletableFuture<Void> termination = new CompletableFuture<>();

	private volatile @Nullable Thread thread;

	/** When something ran last and how many polls there had been, as far as was seen. */
	private long lastWork;

	private long polls;

	Shutdown(Scheduler scheduler) {
		this.scheduler = scheduler;
		this.threadFactory = scheduler.config().threadFactory();
		this.pool = scheduler.blockingPool();
		this.slowLane = scheduler.slowLane();
		this.monitor = scheduler.monitor();
		this.stalls = scheduler.stalls();
		this.tasks = scheduler.tasks();
	}

	Phase phase() {
		return this.phase;
	}

	CompletableFuture<Void> termination() {
		return this.termination;
	}

	void begin(long quietNanos, long timeoutNanos) {
		long start = Ticker.system().nanos();
		synchronized (this) {
			if (this.phase != Phase.RUNNING) {
				return;
			}
			this.lastWork = start;
			this.phase = Phase.DRAINING;
		}
		ThreadFactory threads = this.threadFactory;
		Runnable rest = () -> run(quietNanos, start + Math.max(quietNanos, timeoutNanos));
		try {
			threads.newThread(rest).start();
		}
		catch (Throwable ex) {
			if (!(threads instanceof ThreadMaker maker)) {
				throw ex;
			}
			maker.run(rest, 0); // the one thread that there is
		}
	}

	/**
	 * Ends the runtime and waits for it, unless within one of its own threads.
	 */
	void close() {
		begin(0, CLOSE_NANOS);
		if (!this.pool.isOwnThread() && SlowLane.current() == null) {
			await(CLOSE_NANOS);
		}
	}

	/**
	 * Waits for the end, but not for ever.
	 * @param timeoutNanos the timeout of the shutdown
	 */
	void await(long timeoutNanos) {
		long deadline = Ticker.system().nanos() + timeoutNanos + GRACE_NANOS + MARGIN_NANOS;
		boolean interrupted = false;
		while (!this.termination.isDone()) {
			try {
				this.termination.get(deadline - Ticker.system().nanos(), TimeUnit.NANOSECONDS);
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
			catch (ExecutionException | TimeoutException ex) {
				logger.warn("The runtime has not ended in time and is left behind in phase {}", this.phase);
				break;
			}
		}
		if (this.termination.isDone()) {
			ThreadJoin.await(this.thread, Ticker.system().nanos() + GRACE_NANOS);
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	private void run(long quietNanos, long deadline) {
		this.thread = Thread.currentThread();
		attempt(this::wakeWorkers);
		attempt(() -> drain(quietNanos, deadline));
		this.phase = Phase.CLOSING;
		this.monitor.stop();
		attempt(this::dismissWorkers);
		attempt(() -> awaitThreads(Math.max(deadline, Ticker.system().nanos() + GRACE_NANOS)));
		attempt(this.scheduler::closeQueuedWork);
		attempt(this::destroyDrivers);
		this.phase = Phase.TERMINATED;
		attempt(this.tasks::close);
		attempt(this.scheduler.life()::end);
		attempt(this.scheduler::closeQueuedWork);
		attempt(() -> ThreadMaker.stop(this.threadFactory));
		this.termination.complete(null);
	}

	private static void attempt(Runnable step) {
		Failures.attempt(logger, step);
	}

	private void wakeWorkers() {
		for (Worker worker : this.scheduler.workers()) {
			worker.ringDoorbell();
		}
	}

	private void drain(long quietNanos, long deadline) {
		while (!isQuiet(quietNanos) && Ticker.system().nanos() - deadline < 0) {
			closeRegistrations();
			LockSupport.parkNanos(this, LOOK_NANOS);
		}
	}

	/**
	 * Closes what is registered with the drivers of stuck workers too: a running strand
	 * does not hold the token.
	 */
	private void closeRegistrations() {
		for (Worker worker : this.scheduler.workers()) {
			closeRegistrations(worker);
		}
	}

	private static void closeRegistrations(Worker worker) {
		if (worker.token.tryAcquire()) {
			try {
				worker.driver.prepareToDestroy();
				worker.prepared = true;
				worker.pollNow();
			}
			catch (Throwable ex) {
				failed(worker, ex);
			}
			finally {
				worker.token.release();
			}
		}
	}

	/**
	 * Looks whether everybody is idle now and nothing has run for the quiet period. A
	 * thread that is idle stays so until somebody queues work, so the queues are looked
	 * at last.
	 */
	private boolean isQuiet(long quietNanos) {
		boolean idle = true;
		long polls = 0;
		for (WorkerThread thread : this.scheduler.threads()) {
			idle &= thread.isIdle();
			polls += thread.stats.polls;
		}
		for (Worker worker : this.scheduler.workers()) {
			idle &= isClosed(worker) && !worker.hasPinned();
		}
		idle &= this.slowLane.isIdle() && !this.scheduler.hasInjectedWork();
		long now = Ticker.system().nanos();
		if (polls != this.polls) {
			this.polls = polls;
			this.lastWork = now;
		}
		return idle && now - this.lastWork >= quietNanos;
	}

	private static boolean isClosed(Worker worker) {
		try {
			return worker.failed || worker.prepared && !worker.driver.hasWork();
		}
		catch (Throwable ex) {
			failed(worker, ex);
			return true;
		}
	}

	private static void failed(Worker worker, Throwable ex) {
		if (!worker.failed) {
			worker.failed = true;
			Failures.error(logger, ex, "The driver of worker {} fails to close what is registered", worker.index);
		}
	}

	/**
	 * Waits a moment for more work. Called by a worker thread that ran out of it.
	 * @return {@code false} if the thread must end
	 */
	boolean awaitWork(Worker worker) {
		if (this.phase != Phase.DRAINING) {
			return false;
		}
		if (worker.token.isReserved()) {
			closeRegistrations(worker); // which nobody else can do
		}
		LockSupport.parkNanos(this, LOOK_NANOS);
		return true;
	}

	private void dismissWorkers() {
		for (Worker worker : this.scheduler.workers()) {
			WorkerThread owner = worker.owner;
			worker.owner = null;
			worker.ringDoorbell();
			if (owner != null) {
				LockSupport.unpark(owner.thread()); // it may have failed and rest
			}
			WorkerThread heir = worker.heir;
			if (heir != null) {
				LockSupport.unpark(heir.thread());
			}
		}
	}

	private void awaitThreads(long deadline) {
		this.pool.shutdown();
		this.stalls.stop();
		Set<Thread> left = new HashSet<>(this.pool.awaitTermination(deadline));
		if (this.pool.queueDepth() > 0) {
			logger.warn("The runtime ended before it could run {} blocking jobs", this.pool.queueDepth());
		}
		this.monitor.awaitEnd(deadline);
		int virtual = this.slowLane.awaitVirtual(deadline);
		if (virtual > 0) {
			logger.warn("{} virtual threads have not ended and are left behind", virtual);
		}
		left.addAll(this.stalls.awaitTermination(deadline));
		for (Thread stuck : left) {
			Throwable whereabouts = new Throwable("Stack of " + stuck.getName());
			whereabouts.setStackTrace(stuck.getStackTrace());
			logger.warn("Thread {} is stuck and left behind", stuck.getName(), whereabouts);
		}
	}

	private void destroyDrivers() {
		for (Worker worker : this.scheduler.workers()) {
			attempt(() -> destroyDriver(worker));
		}
	}

	private static void destroyDriver(Worker worker) {
		if (!worker.destroy()) {
			logger.warn("The driver of worker {} is in use by a stuck thread and is left behind", worker.index);
		}
	}

	/**
	 * How far the shutdown has come.
	 */
	enum Phase {

		/** Everything is accepted. */
		RUNNING,

		/** What is queued runs until nothing is left. */
		DRAINING,

		/** Threads end, and new work is refused. */
		CLOSING,

		/** Nothing is left. */
		TERMINATED

	}

}
