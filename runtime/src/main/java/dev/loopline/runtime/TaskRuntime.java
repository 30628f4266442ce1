package dev.loopline.runtime;

import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The scheduler: workers that run strands and steal them from each other, and threads for
 * work that blocks. Safe for use by many threads.
 */
public final class TaskRuntime extends TaskSpawner implements AutoCloseable {

	/** Netty's defaults of {@code shutdownGracefully()}. */
	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(15);

	private final TaskRuntimeConfig given;

	/** The same with the maker of threads and a clock that cannot fail. */
	private final TaskRuntimeConfig config;

	private final Ticker ticker;

	private final long quantumNanos;

	private final long driverDelayNanos;

	private final long lifoStealDelayNanos;

	private final Worker[] workers;

	private final WorkerThreads threads;

	private final Injector injector = new Injector(this::notifyWorker);

	private final PriorityQueues priorityQueues = new PriorityQueues(this::notifyWorker);

	private final IdleSet idleSet;

	private final BlockingPool blockingPool;

	private final Shutdown shutdown = new Shutdown(this);

	private final AtomicInteger nextHome = new AtomicInteger();

	private final AtomicInteger nextSeed = new AtomicInteger();

	private final SlowLane slowLane;

	private final Stalls stalls;

	private final Monitor monitor;

	private final StrandRegistry strands;

	/** Strands that were scheduled from outside the workers, without the new tasks. */
	private final LongAdder remoteSchedules = new LongAdder();

	private final long startNanos;

	private final Tasks tasks;

	private TaskRuntime(TaskRuntimeConfig given, ThreadFactory threads, IoDriver.Factory driverFactory) {
		TaskRuntimeConfig config = given.with(threads, GuardedTicker.of(given.ticker()));
		this.given = given;
		this.config = config;
		this.ticker = config.ticker();
		this.startNanos = this.ticker.nanos();
		this.quantumNanos = config.quantum().toNanos();
		this.driverDelayNanos = config.driverDelay().toNanos();
		this.lifoStealDelayNanos = config.lifoStealDelay().toNanos();
		this.idleSet = new IdleSet(config.workers());
		OsThreads osThreads = new OsThreads();
		this.blockingPool = new BlockingPool(config.blockingThreads() + config.workers(),
				config.blockingQueueCapacity(), config, osThreads::watching);
		this.workers = Worker.create(config.workers(), driverFactory, this.ticker);
		this.threads = new WorkerThreads(this.workers);
		this.strands = new StrandRegistry(config.workers());
		this.slowLane = new SlowLane(this, config.workers());
		this.stalls = new Stalls(config);
		this.monitor = new Monitor(this, ThreadProbe.system(osThreads));
		this.tasks = new Tasks(this);
	}

	/**
	 * Starts a runtime without I/O.
	 * @param config the configuration
	 * @return the running runtime
	 */
	public static TaskRuntime start(TaskRuntimeConfig config) {
		return start(config, ParkingDriver::new);
	}

	/**
	 * Starts a runtime.
	 * @param config the configuration
	 * @param driverFactory makes the driver of each worker
	 * @return the running runtime
	 */
	public static TaskRuntime start(TaskRuntimeConfig config, IoDriver.Factory driverFactory) {
		Objects.requireNonNull(config, "config");
		Objects.requireNonNull(driverFactory, "driverFactory");
		ThreadFactory threads = ThreadMaker.of(config.threadFactory());
		TaskRuntime runtime = null;
		try {
			runtime = new TaskRuntime(config, threads, driverFactory);
			runtime.startWorkers();
			return runtime;
		}
		catch (Throwable ex) {
			if (runtime != null) {
				runtime.shutdown.begin(0, 0);
			}
			else {
				ThreadMaker.stop(threads);
			}
			throw ex;
		}
	}

	private void startWorkers() {
		for (Worker worker : this.workers) {
			WorkerThread loop = newWorkerThread(worker, false);
			worker.owner = loop;
			if (!this.blockingPool.tryExecute(worker.driver.decorate(loop))) {
				throw new IllegalStateException("No thread could be started for worker " + worker.index,
						this.blockingPool.failure());
			}
		}
		if (this.config.flavour() == TaskRuntimeConfig.Flavour.MULTI_THREAD) {
			this.config.threadFactory().newThread(this.monitor).start();
		}
	}

	WorkerThread newWorkerThread(Worker worker, boolean standIn) {
		return new WorkerThread(this, worker, standIn, this.config.seed() + this.nextSeed.getAndIncrement());
	}

	/**
	 * Returns the configuration.
	 * @return what the runtime was started with
	 */
	public TaskRuntimeConfig config() {
		return this.given;
	}

	/**
	 * Creates a strand. It costs no thread and need not be closed.
	 * @return a new strand
	 */
	public Strand newStrand() {
		return new Strand(this, nextHome(), false);
	}

	private Worker nextHome() {
		return this.workers[Math.floorMod(this.nextHome.getAndIncrement(), this.workers.length)];
	}

	/**
	 * Creates a strand whose timers are kept by the given worker.
	 * @param worker the index of the worker
	 * @return a new strand
	 */
	public Strand newStrand(int worker) {
		return newStrand(worker, false);
	}

	/**
	 * Creates a strand that belongs to the given worker.
	 * @param worker the index of the worker
	 * @param pinned whether only this worker runs the strand, holding the token of its
	 * driver
	 * @return a new strand
	 */
	public Strand newStrand(int worker, boolean pinned) {
		return new Strand(this, this.workers[worker], pinned);
	}

	/**
	 * Creates a strand for work that is known to block: no worker ever runs it, each of
	 * its polls takes a thread of the slow lane.
	 * @return a new strand
	 */
	public Strand newBlockingStrand() {
		return Strand.blocking(this, nextHome());
	}

	/**
	 * Creates a strand for work that is expected to stall as another strand did: no
	 * worker ever runs it, and if the other one used the processor for too long it waits
	 * for its turn among such strands.
	 * @param example a strand that stalled
	 * @return a new strand
	 */
	public Strand newSlowStrand(Strand example) {
		Strand.Pace pace = example.pace();
		return Strand.slow(this, nextHome(), (pace != Strand.Pace.FAST) ? pace : Strand.Pace.BLOCKING);
	}

	/**
	 * Returns the driver of a worker.
	 * @param worker the index of the worker
	 * @return its driver
	 */
	public IoDriver driver(int worker) {
		return this.workers[worker].driver;
	}

	/**
	 * Runs a job on a thread that may block.
	 * @param <T> the type of the result
	 * @param job the job
	 * @return the result, which nobody but the job completes; cancelling it, or the
	 * future that it is turned into, stops a job that has not started, and no other
	 * @throws RejectedExecutionException if too many jobs are waiting or the runtime has
	 * ended
	 */
	public <T> CompletionStage<T> spawnBlocking(Callable<T> job) {
		Objects.requireNonNull(job, "job");
		BlockingJob<T> blocking = new BlockingJob<>(this.tasks, job);
		this.blockingPool.execute(blocking.decorated());
		return blocking;
	}

	/**
	 * Runs a job that may block here and now, in the middle of a task. On a worker's
	 * thread the worker moves to a spare thread meanwhile, and the strand, as one that
	 * blocks, is taken for a slow one. If all spare threads are busy, or the strand is
	 * bound to its worker, the job runs all the same and holds the worker up. On any
	 * other thread it just runs. Within the job {@link #current()} is {@code null}.
	 * @param <T> the type of the result
	 * @param job the job
	 * @return its result
	 * @throws Exception what the job throws
	 */
	public static <T> T blockInPlace(Callable<T> job) throws Exception {
		Objects.requireNonNull(job, "job");
		WorkerThread current = WorkerThread.current();
		if (current != null) {
			current.offerWorker();
		}
		return InPlace.call(job);
	}

	/**
	 * Returns what the runtime is doing now.
	 * @return a snapshot; values of different workers may be a few polls apart
	 */
	public RuntimeSnapshot snapshot() {
		long now = this.ticker.nanos();
		List<WorkerSnapshot> workers = this.threads.snapshots(now);
		WorkerStats sum = this.threads.total();
		long ended = this.tasks.endedOutside() + sum.tasksEnded;
		long spawned = Math.max(ended, this.tasks.spawnedOutside() + this.tasks.sleeps() + sum.tasksSpawned);
		return new RuntimeSnapshot(this.config.flavour(), Duration.ofNanos(now - this.startNanos), workers,
				this.injector.size(), this.remoteSchedules.sum() + this.tasks.spawnedOutside(), this.idleSet.parked(),
				this.idleSet.searching(), Math.max(0, this.blockingPool.threads() - this.workers.length),
				this.blockingPool.idleThreads(), this.blockingPool.queueDepth(), this.blockingPool.startFailures(),
				this.monitor.handoffs(), this.monitor.exhaustions(), this.monitor.exhaustion().duration(now),
				this.slowLane.admissions(), this.slowLane.depth(), this.slowLane.pollTime(), this.stalls.counts(),
				this.stalls.times(), this.strands.counts(), this.strands.listed(), spawned, spawned - ended,
				this.tasks.suspended().size(), this.tasks.failures());
	}

	/**
	 * Returns the polls that outlasted the stall threshold.
	 * @return a live view
	 */
	public Stalls stalls() {
		return this.stalls;
	}

	/**
	 * Returns the strands that are listed and alive, in no order. Cheap enough for a
	 * hundred thousand: what a strand is called and where it is running is found out when
	 * asked for.
	 * @return a stream of snapshots, to be used at once
	 */
	public Stream<StrandSnapshot> strands() {
		long now = this.ticker.nanos();
		return this.strands.entries()
			.map((entry) -> StrandSnapshot.of(entry, now))
			.filter(Objects::nonNull)
			.map(Objects::requireNonNull);
	}

	/**
	 * Ends the runtime in order: what is registered is closed, what is queued runs,
	 * threads end. Only the first call counts.
	 * @param quietPeriod how long nothing must have run before the end; what is negative
	 * counts as zero
	 * @param timeout how long to wait at most, for threads that are stuck too; what is
	 * negative counts as zero
	 * @return completed at the very end, never exceptionally
	 */
	public CompletionStage<Void> shutdown(Duration quietPeriod, Duration timeout) {
		this.shutdown.begin(Durations.nanos(quietPeriod, "quietPeriod"), Durations.nanos(timeout, "timeout"));
		return termination();
	}

	/**
	 * Returns the future of the end.
	 * @return completed when the runtime has ended
	 */
	public CompletionStage<Void> termination() {
		return this.shutdown.termination().minimalCompletionStage();
	}

	/**
	 * Ends the runtime and waits for it, at most 15 seconds; within one of its own
	 * threads it does not wait.
	 */
	@Override
	public void close() {
		this.shutdown.begin(0, CLOSE_TIMEOUT.toNanos());
		if (!this.blockingPool.isOwnThread()) {
			this.shutdown.await(CLOSE_TIMEOUT.toNanos());
		}
	}

	/**
	 * Returns whether the end has begun.
	 * @return whether {@link #shutdown} was called
	 */
	public boolean isShuttingDown() {
		return this.shutdown.phase() != Shutdown.Phase.RUNNING;
	}

	/**
	 * Returns whether new work is refused.
	 * @return whether the workers have been told to end
	 */
	public boolean isShutdown() {
		Shutdown.Phase phase = this.shutdown.phase();
		return phase != Shutdown.Phase.RUNNING && phase.compareTo(Shutdown.Phase.CLOSING) >= 0;
	}

	/**
	 * Returns the runtime whose strand or task the calling thread is inside of. It does
	 * not matter whether that thread is a worker's, has lost its worker, or is one of the
	 * slow lane: what code may do must not depend on what the scheduler has made of it.
	 * @return {@code null} in jobs that may block and on the threads of others
	 * @see #spawnBlocking
	 * @see #blockInPlace
	 */
	public static @Nullable TaskRuntime current() {
		if (InPlace.isActive()) {
			return null;
		}
		WorkerThread worker = WorkerThread.current();
		return (worker != null) ? worker.runtime() : SlowLane.currentRuntime();
	}

	/**
	 * Returns whether the calling thread runs a worker, so that others wait when it
	 * blocks.
	 * @return {@code false} on blocking threads and on those of others
	 */
	public static boolean isWorkerThread() {
		return ofWorkerThread() != null;
	}

	/**
	 * Returns the runtime whose worker the calling thread runs.
	 * @return {@code null} on blocking threads and on those of others
	 */
	public static @Nullable TaskRuntime ofWorkerThread() {
		WorkerThread current = WorkerThread.current();
		return (current != null && !current.isSeized()) ? current.runtime() : null;
	}

	/*
	 * --------------- For the parts of the runtime ---------------
	 */

	void schedule(Work work) {
		WorkerThread current = WorkerThread.current();
		if (work.isPinned()) {
			work.queued(this.ticker.nanos());
			((Strand) work).home().schedulePinned(work, current);
			if (isShutdown()) {
				closeQueuedStrands();
			}
			return;
		}
		if (current != null && current.isOf(this)) {
			current.schedule(work);
			return;
		}
		this.remoteSchedules.increment();
		scheduleFromOutside(work);
	}

	/**
	 * Queues work that the caller has counted.
	 */
	void scheduleFromOutside(Work work) {
		boolean timed = work.isStrand() || ThreadLocalRandom.current().nextInt(PollClock.SAMPLE) == 0;
		work.queued(timed ? this.ticker.nanos() : 0);
		inject(work);
	}

	/**
	 * Returns the worker loop of this runtime that the calling thread is inside of.
	 */
	@Nullable WorkerThread currentWorkerThread() {
		WorkerThread current = WorkerThread.current();
		return (current != null && current.isOf(this)) ? current : null;
	}

	/**
	 * Puts work into the global queue of its priority.
	 */
	void inject(Work work) {
		if (work.isNormal()) {
			this.injector.push(work);
		}
		else {
			this.priorityQueues.push(work);
		}
		wakeWorker(); // to push is a read-modify-write: it needs no fence
		if (isShutdown()) {
			// The workers may have looked into the injector for the last time.
			closeQueuedStrands();
		}
	}

	/**
	 * Wakes a worker for work that was just queued, if none is searching.
	 */
	void notifyWorker() {
		// The idle set is read after the work was written: its parkers do the same in
		// reverse.
		VarHandle.fullFence();
		wakeWorker();
	}

	private void wakeWorker() {
		Worker worker = this.idleSet.workerToNotify();
		if (worker != null) {
			worker.ringDoorbell();
		}
	}

	/**
	 * Returns whether every worker thread has ended.
	 */
	boolean hasNoWorkers() {
		return isShutdown() && threads().length == 0;
	}

	/**
	 * Returns whether work waits for any worker.
	 */
	boolean hasInjectedWork() {
		return !this.injector.isEmpty() || !this.priorityQueues.isEmpty();
	}

	boolean hasQueuedWork() {
		return hasInjectedWork() || this.threads.haveQueuedWork();
	}

	/**
	 * Closes every strand that waits for a thread. Only when the workers have been told
	 * to end.
	 */
	void closeQueuedStrands() {
		if (threads().length > 0 && this.shutdown.phase() != Shutdown.Phase.TERMINATED) {
			return;
		}
		Work work;
		while ((work = this.injector.pop()) != null || (work = this.priorityQueues.pop()) != null
				|| (work = this.slowLane.pop()) != null) {
			work.closeSafely();
		}
		if (this.shutdown.phase() == Shutdown.Phase.TERMINATED) {
			// Not before: drivers run what is left of a pinned strand as they are
			// destroyed.
			for (Worker worker : this.workers) {
				worker.closePinned();
			}
		}
	}

	void threadStarted(WorkerThread thread) {
		this.threads.add(thread);
	}

	void threadEnded(WorkerThread thread) {
		this.threads.remove(thread);
	}

	StrandRegistry strandRegistry() {
		return this.strands;
	}

	/**
	 * Makes a timer on the wheel of the calling worker, or of the next in turn.
	 */
	StrandTimer newTimer(Executor target, Runnable task, long deadlineNanos) {
		WorkerThread current = currentWorkerThread();
		return new StrandTimer((current != null) ? current.worker() : nextHome(), target, task, deadlineNanos);
	}

	StrandTimer arm(StrandTimer timer) {
		if (isShutdown()) {
			throw new RejectedExecutionException("The runtime has ended");
		}
		timer.arm();
		if (isShutdown()) {
			// The timers may have been cancelled just before.
			timer.abandon();
		}
		return timer;
	}

	long deadlineAfter(long delayNanos) {
		// Not further than half of the clock's range, so that differences keep their
		// sign.
		return this.ticker.nanos() + Math.min(delayNanos, Durations.FAR);
	}

	TaskRuntimeConfig settings() {
		return this.config;
	}

	WorkerThread[] threads() {
		return this.threads.all();
	}

	Worker[] workers() {
		return this.workers;
	}

	Injector injector() {
		return this.injector;
	}

	PriorityQueues priorityQueues() {
		return this.priorityQueues;
	}

	IdleSet idleSet() {
		return this.idleSet;
	}

	BlockingPool blockingPool() {
		return this.blockingPool;
	}

	@Override
	Tasks tasks() {
		return this.tasks;
	}

	SlowLane slowLane() {
		return this.slowLane;
	}

	Monitor monitor() {
		return this.monitor;
	}

	Shutdown shutdown() {
		return this.shutdown;
	}

	long quantumNanos() {
		return this.quantumNanos;
	}

	long driverDelayNanos() {
		return this.driverDelayNanos;
	}

	long lifoStealDelayNanos() {
		return this.lifoStealDelayNanos;
	}

}
