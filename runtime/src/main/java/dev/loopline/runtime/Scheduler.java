package dev.loopline.runtime;

import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.internal.queue.Injector;
import dev.loopline.runtime.internal.stall.StallRecorder;
import dev.loopline.runtime.internal.stall.StallSettings;
import dev.loopline.runtime.internal.support.Durations;
import dev.loopline.runtime.internal.thread.BlockingPool;
import dev.loopline.runtime.internal.thread.JvmThreads;
import dev.loopline.runtime.internal.thread.OsThreads;
import dev.loopline.runtime.internal.thread.ThreadMaker;
import dev.loopline.runtime.internal.thread.ThreadProbe;
import dev.loopline.runtime.io.IoDriver;
import dev.loopline.runtime.stall.StallLog;
import dev.loopline.runtime.time.Ticker;

/**
 * What is behind a {@link TaskRuntime}: its workers with their threads, the queues that
 * all of them look into, and the way of work into a queue. It lives once: a runtime that
 * is started again gets another. Safe for use by many threads.
 */
final class Scheduler implements Executor {

	private final TaskRuntime runtime;

	/** How many there were before this one. */
	private final int predecessors;

	/** The classes whose method {@code poll} runs code of the application. */
	static final Set<String> POLLING_CLASSES = Set.of(Strand.class.getName(), Task.class.getName(), Job.class.getName(),
			Continuation.class.getName());

	/** With the maker of threads and a clock that cannot fail. */
	private final TaskRuntimeConfig config;

	private final Ticker ticker;

	private final long startNanos;

	private final Worker[] workers;

	private final WorkerThreads threads;

	private final Injector<Work> injector = new Injector<>(this::notifyWorker);

	private final PriorityQueues priorityQueues = new PriorityQueues(this::notifyWorker);

	private final Processors processors;

	private final IdleSet idleSet;

	private final BlockingPool blockingPool;

	private final ThreadReserve reserve;

	private final StallRecorder stalls;

	private final SlowLane slowLane;

	private final Monitor monitor;

	private final StrandRegistry strands;

	private final Tasks tasks;

	private final RuntimeLife life = new RuntimeLife(this);

	private final Shutdown shutdown;

	private final AtomicInteger nextHome = new AtomicInteger();

	private final AtomicInteger nextSeed = new AtomicInteger();

	/** Work that was scheduled from outside the workers, without the new tasks. */
	private final LongAdder remoteSchedules = new LongAdder();

	private Scheduler(TaskRuntime runtime, int predecessors, TaskRuntimeConfig config, IoDriver.Factory driverFactory) {
		this.runtime = runtime;
		this.predecessors = predecessors;
		this.config = config;
		this.ticker = config.ticker();
		this.startNanos = this.ticker.nanos();
		this.processors = new Processors(config);
		this.idleSet = new IdleSet(config.workers());
		this.idleSet.limit(this.processors.awake());
		OsThreads osThreads = new OsThreads();
		this.blockingPool = new BlockingPool(config.blockingThreads() + config.workers(),
				config.blockingQueueCapacity(), config.blockingKeepAlive(), config.threadFactory(), config.ticker(),
				osThreads::watching);
		this.reserve = ThreadReserve.of(config);
		this.workers = Worker.create(config.workers(), driverFactory, this.ticker);
		this.threads = new WorkerThreads(this.workers);
		this.strands = new StrandRegistry(config.workers());
		this.stalls = new StallRecorder(stallSettings(config));
		this.slowLane = new SlowLane(this, config, this.blockingPool, this.stalls);
		this.monitor = new Monitor(this, ThreadProbe.system(osThreads));
		this.tasks = new Tasks(this);
		this.shutdown = new Shutdown(this);
	}

	/**
	 * Makes and starts a scheduler for one life of a runtime.
	 * @param predecessors how many lives there were
	 */
	static Scheduler start(TaskRuntime runtime, int predecessors, IoDriver.Factory driverFactory) {
		TaskRuntimeConfig config = runtime.config();
		ThreadFactory threads = ThreadMaker.of(config.threadFactory(), RuntimeThreads::add);
		Scheduler scheduler = null;
		try {
			Ticker ticker = GuardedTicker.of(config.ticker());
			TaskRuntimeConfig own = config.toBuilder().threadFactory(threads).ticker(ticker).build();
			scheduler = new Scheduler(runtime, predecessors, own, driverFactory);
			scheduler.start();
			return scheduler;
		}
		catch (Throwable ex) {
			if (scheduler != null) {
				scheduler.shutdown().begin(0, 0);
			}
			else {
				ThreadMaker.stop(threads);
			}
			throw ex;
		}
	}

	static StallSettings stallSettings(TaskRuntimeConfig config) {
		return new StallSettings(config.ticker(), config.threadFactory(), config.blockingKeepAlive(), POLLING_CLASSES,
				config.applicationPackages(), config.frameworkPackages(), config.stallLog() == StallLog.WARN,
				config.advice(), config.stallThreshold(), config.foreignThreads(), Scheduler::foreignThreads,
				config.stallListeners());
	}

	private static List<Thread> foreignThreads() {
		return JvmThreads.list().stream().filter((thread) -> !RuntimeThreads.contains(thread)).toList();
	}

	/**
	 * Returns the runtime whose strand or task the calling thread runs.
	 */
	static @Nullable TaskRuntime currentRuntime() {
		WorkerThread worker = WorkerThread.current();
		return (worker != null) ? worker.scheduler().runtime() : SlowLane.currentRuntime();
	}

	private void start() {
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

	Strand newStrand(StrandOptions options) {
		int worker = options.worker();
		return new Strand(this, (worker < 0) ? nextHome() : this.workers[worker], options);
	}

	/**
	 * Returns the worker whose turn it is to be the home of something.
	 */
	private Worker nextHome() {
		return this.workers[Math.floorMod(this.nextHome.getAndIncrement(), this.workers.length)];
	}

	Strand newStrand() {
		return newStrand(StrandOptions.DEFAULTS);
	}

	/*
	 * --------------- Scheduling ---------------
	 */

	/**
	 * Runs a job on any worker.
	 */
	@Override
	public void execute(Runnable task) {
		refuseAfterEnd();
		schedule(new Job(task));
	}

	void schedule(Work work) {
		WorkerThread current = WorkerThread.current();
		if (work.isPinned()) {
			work.queued(this.ticker.nanos());
			((Strand) work).home().schedulePinned(work, current);
			if (isShutdown()) {
				closeQueuedWork();
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
		boolean timed = work.isTimedAlways() || ThreadLocalRandom.current().nextInt(PollClock.SAMPLE) == 0;
		work.queued(timed ? this.ticker.nanos() : 0);
		inject(work);
	}

	/**
	 * Returns the worker loop of this scheduler that the calling thread is inside of.
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
			closeQueuedWork();
		}
	}

	/**
	 * Wakes a worker for work that was just queued, if none is searching.
	 */
	void notifyWorker() {
		// The idle set is read after the work was written; its parkers do the reverse.
		VarHandle.fullFence();
		wakeWorker();
	}

	/**
	 * Wakes a worker for work that those do not get to that may be awake.
	 */
	void rescueWork() {
		VarHandle.fullFence();
		wake(this.idleSet.workerToRescue());
	}

	private void wakeWorker() {
		wake(this.idleSet.workerToNotify());
	}

	private static void wake(@Nullable Worker worker) {
		if (worker != null) {
			worker.ringDoorbell();
		}
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

	/*
	 * --------------- Time ---------------
	 */

	/**
	 * Makes a timer on the wheel of the calling worker, or of the next in turn.
	 */
	StrandTimer newTimer(Executor target, Runnable task, long deadlineNanos) {
		WorkerThread current = currentWorkerThread();
		return new StrandTimer((current != null) ? current.worker() : nextHome(), target, task, deadlineNanos);
	}

	StrandTimer arm(StrandTimer timer) {
		refuseAfterEnd();
		timer.arm();
		if (isShutdown()) {
			timer.abandon(); // the timers may have been cancelled just before
		}
		return timer;
	}

	/**
	 * Returns a deadline, not further away than half of the clock's range, so that
	 * differences keep their sign.
	 */
	long deadlineAfter(long delayNanos) {
		return this.ticker.nanos() + Math.min(delayNanos, Durations.FAR);
	}

	/*
	 * --------------- The end ---------------
	 */

	boolean isShuttingDown() {
		return this.shutdown.phase() != Shutdown.Phase.RUNNING;
	}

	/**
	 * Returns whether new work is refused.
	 */
	boolean isShutdown() {
		Shutdown.Phase phase = this.shutdown.phase();
		return phase != Shutdown.Phase.RUNNING && phase.compareTo(Shutdown.Phase.CLOSING) >= 0;
	}

	void refuseAfterEnd() {
		if (isShutdown()) {
			throw new RejectedExecutionException("The runtime has ended");
		}
	}

	/**
	 * Returns whether every worker thread has ended.
	 */
	boolean hasNoWorkers() {
		return isShutdown() && threads().length == 0;
	}

	/**
	 * Closes everything that waits for a thread. Only when the workers have been told to
	 * end.
	 */
	void closeQueuedWork() {
		if (threads().length > 0 && this.shutdown.phase() != Shutdown.Phase.TERMINATED) {
			return;
		}
		Work work;
		while ((work = this.injector.pop()) != null || (work = this.priorityQueues.pop()) != null
				|| (work = this.slowLane.pop()) != null) {
			work.closeSafely();
		}
		if (this.shutdown.phase() == Shutdown.Phase.TERMINATED) {
			// Not before: drivers run what is left of pinned work as they are destroyed.
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

	/*
	 * --------------- Parts ---------------
	 */

	RuntimeSnapshot snapshot() {
		long now = this.ticker.nanos();
		List<WorkerSnapshot> workers = this.threads.snapshots(now);
		WorkerStats sum = this.threads.total();
		long ended = this.tasks.endedOutside() + sum.tasksEnded;
		long spawned = Math.max(ended, this.tasks.spawnedOutside() + this.tasks.sleeps() + sum.tasksSpawned);
		return new RuntimeSnapshot(this.config.flavour(), Duration.ofNanos(now - this.startNanos), workers,
				new RuntimeSnapshot.Scheduling(this.processors.count(), this.injector.size(),
						this.remoteSchedules.sum() + this.tasks.spawnedOutside(), this.idleSet.parked(),
						this.idleSet.searching()),
				new RuntimeSnapshot.Handoffs(this.monitor.handoffs(), this.monitor.exhaustions(),
						this.monitor.exhaustion().duration(now)),
				new RuntimeSnapshot.Blocking(Math.max(0, this.blockingPool.threads() - this.workers.length),
						this.blockingPool.idleThreads(), this.blockingPool.queueDepth(),
						this.blockingPool.startFailures()),
				new RuntimeSnapshot.Lane(this.slowLane.carriers(), this.slowLane.virtualThreads(),
						this.slowLane.depth(), this.slowLane.admissions(), this.slowLane.pollTime()),
				new RuntimeSnapshot.StallTotals(this.stalls.counts(), this.stalls.times(), this.stalls.routes(),
						this.stalls.foreignCounts()),
				new RuntimeSnapshot.StrandTotals(this.strands.counts(), this.strands.listed()),
				new RuntimeSnapshot.TaskTotals(spawned, spawned - ended, this.tasks.suspended().size(),
						this.tasks.failures()));
	}

	TaskRuntime runtime() {
		return this.runtime;
	}

	int predecessors() {
		return this.predecessors;
	}

	TaskRuntimeConfig config() {
		return this.config;
	}

	Ticker ticker() {
		return this.ticker;
	}

	WorkerThread[] threads() {
		return this.threads.all();
	}

	long longWaits() {
		return this.threads.longWaits();
	}

	Worker[] workers() {
		return this.workers;
	}

	Injector<Work> injector() {
		return this.injector;
	}

	PriorityQueues priorityQueues() {
		return this.priorityQueues;
	}

	Processors processors() {
		return this.processors;
	}

	IdleSet idleSet() {
		return this.idleSet;
	}

	BlockingPool blockingPool() {
		return this.blockingPool;
	}

	ThreadReserve reserve() {
		return this.reserve;
	}

	StallRecorder stalls() {
		return this.stalls;
	}

	SlowLane slowLane() {
		return this.slowLane;
	}

	Monitor monitor() {
		return this.monitor;
	}

	StrandRegistry strands() {
		return this.strands;
	}

	Tasks tasks() {
		return this.tasks;
	}

	RuntimeLife life() {
		return this.life;
	}

	Shutdown shutdown() {
		return this.shutdown;
	}

}
