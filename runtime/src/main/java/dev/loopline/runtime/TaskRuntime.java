package dev.loopline.runtime;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.internal.support.Durations;
import dev.loopline.runtime.internal.thread.ThreadMaker;
import dev.loopline.runtime.io.IoDriver;
import dev.loopline.runtime.time.Ticker;

/**
 * Runs strands and tasks on workers that steal them from each other, and what blocks on
 * threads of its own. Safe for use by many threads.
 */
public final class TaskRuntime implements Executor, AutoCloseable {

	/** Netty's defaults of {@code shutdownGracefully()}. */
	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(15);

	private final TaskRuntimeConfig config;

	private final IoDriver.Factory driverFactory;

	private final RuntimeDiagnostics diagnostics = new RuntimeDiagnostics(this);

	/**
	 * That of the current life. To be read once in each method: what belongs together
	 * must be of one life.
	 */
	private volatile Scheduler scheduler;

	private TaskRuntime(TaskRuntimeConfig config, IoDriver.Factory driverFactory) {
		this.config = config;
		this.driverFactory = driverFactory;
		this.scheduler = startScheduler(0);
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
		return new TaskRuntime(config, driverFactory);
	}

	private Scheduler startScheduler(int predecessors) {
		ThreadFactory threads = ThreadMaker.of(this.config.threadFactory(), RuntimeThreads::add);
		Scheduler scheduler = null;
		try {
			Ticker ticker = GuardedTicker.of(this.config.ticker());
			TaskRuntimeConfig own = this.config.toBuilder().threadFactory(threads).ticker(ticker).build();
			scheduler = new Scheduler(this, predecessors, own, this.driverFactory);
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

	/**
	 * Begins a new life after the last one has ended, with new threads and drivers. What
	 * is asked of the runtime from now on is asked of this life; strands, timers and
	 * handles of a former one stay ended.
	 * @throws IllegalStateException if the runtime has not ended
	 */
	public synchronized void restart() {
		if (!this.scheduler.shutdown().termination().isDone()) {
			throw new IllegalStateException("The runtime has not ended");
		}
		this.scheduler = startScheduler(restarts() + 1);
	}

	/**
	 * Returns how often the runtime has begun a new life. A strand or a group of event
	 * loops is of use for as long as this stays the same.
	 * @return the number of restarts
	 */
	public int restarts() {
		return this.scheduler.predecessors();
	}

	/**
	 * Returns the configuration.
	 * @return what the runtime was started with
	 */
	public TaskRuntimeConfig config() {
		return this.config;
	}

	/*
	 * --------------- Tasks ---------------
	 */

	/**
	 * Starts a task that runs something once, which must not block.
	 * @param body what to run
	 * @return the handle of the task
	 * @throws RejectedExecutionException if the runtime has ended
	 */
	public JoinHandle<Void> spawn(Runnable body) {
		Objects.requireNonNull(body, "body");
		return new CallableTask<Void>(tasks(), null, Executors.callable(body, null)).start();
	}

	/**
	 * Starts a task that runs something once, which must not block.
	 * @param name the name of the task, for people
	 * @param body what to run
	 * @return the handle of the task
	 * @throws RejectedExecutionException if the runtime has ended
	 */
	public JoinHandle<Void> spawn(String name, Runnable body) {
		Objects.requireNonNull(name, "name");
		Objects.requireNonNull(body, "body");
		return new CallableTask<Void>(tasks(), name, Executors.callable(body, null)).start();
	}

	/**
	 * Starts a task that calls something once, which must not block.
	 * @param <T> the type of the result
	 * @param body what to call
	 * @return the handle of the task
	 * @throws RejectedExecutionException if the runtime has ended
	 */
	public <T> JoinHandle<T> spawn(Callable<? extends T> body) {
		Objects.requireNonNull(body, "body");
		return new CallableTask<T>(tasks(), null, body).start();
	}

	/**
	 * Starts a task that calls something once, which must not block.
	 * @param <T> the type of the result
	 * @param name the name of the task, for people
	 * @param body what to call
	 * @return the handle of the task
	 * @throws RejectedExecutionException if the runtime has ended
	 */
	public <T> JoinHandle<T> spawn(String name, Callable<? extends T> body) {
		Objects.requireNonNull(name, "name");
		Objects.requireNonNull(body, "body");
		return new CallableTask<T>(tasks(), name, body).start();
	}

	/**
	 * Starts a task that is polled in steps.
	 * @param <T> the type of the result
	 * @param body what to poll
	 * @return the handle of the task
	 * @throws RejectedExecutionException if the runtime has ended
	 */
	public <T> JoinHandle<T> spawn(TaskBody<T> body) {
		Objects.requireNonNull(body, "body");
		return new BodyTask<T>(tasks(), null, body).start();
	}

	/**
	 * Starts a task that is polled in steps.
	 * @param <T> the type of the result
	 * @param name the name of the task, for people
	 * @param body what to poll
	 * @return the handle of the task
	 * @throws RejectedExecutionException if the runtime has ended
	 */
	public <T> JoinHandle<T> spawn(String name, TaskBody<T> body) {
		Objects.requireNonNull(name, "name");
		Objects.requireNonNull(body, "body");
		return new BodyTask<T>(tasks(), name, body).start();
	}

	/**
	 * Starts a task that starts something and waits for it without a thread.
	 * @param <T> the type of the result
	 * @param body starts it, on a worker; if what it returns is a future it belongs to
	 * the task and is cancelled with it
	 * @return the handle of the task
	 * @throws RejectedExecutionException if the runtime has ended
	 */
	public <T> JoinHandle<T> spawnAsync(Supplier<? extends CompletionStage<? extends T>> body) {
		Objects.requireNonNull(body, "body");
		return new StageTask<T>(tasks(), null, body).start();
	}

	/**
	 * Starts a task that starts something and waits for it without a thread.
	 * @param <T> the type of the result
	 * @param name the name of the task, for people
	 * @param body starts it, on a worker; if what it returns is a future it belongs to
	 * the task and is cancelled with it
	 * @return the handle of the task
	 * @throws RejectedExecutionException if the runtime has ended
	 */
	public <T> JoinHandle<T> spawnAsync(String name, Supplier<? extends CompletionStage<? extends T>> body) {
		Objects.requireNonNull(name, "name");
		Objects.requireNonNull(body, "body");
		return new StageTask<T>(tasks(), name, body).start();
	}

	/**
	 * Runs something on a worker, without a handle. It must not block.
	 * @param task what to run; what it throws is logged
	 * @throws RejectedExecutionException if the runtime has ended
	 */
	@Override
	public void execute(Runnable task) {
		Objects.requireNonNull(task, "task");
		this.scheduler.execute(task);
	}

	/**
	 * Runs something on a worker after a delay. It runs within about a millisecond of the
	 * deadline, never before it.
	 * @param task what to run; what it throws is logged
	 * @param delay the delay; what is negative counts as zero
	 * @param unit the unit of the delay
	 * @return the timer, to cancel it
	 * @throws RejectedExecutionException if the runtime has ended
	 */
	public StrandTimer schedule(Runnable task, long delay, TimeUnit unit) {
		return scheduleAt(task, this.scheduler.deadlineAfter(Math.max(0, unit.toNanos(delay))));
	}

	/**
	 * Runs something on a worker at a point in time. It runs within about a millisecond
	 * of it, never before it.
	 * @param task what to run; what it throws is logged
	 * @param deadlineNanos a reading of the runtime's {@link Ticker}
	 * @return the timer, to cancel it
	 * @throws RejectedExecutionException if the runtime has ended
	 */
	public StrandTimer scheduleAt(Runnable task, long deadlineNanos) {
		Objects.requireNonNull(task, "task");
		Scheduler scheduler = this.scheduler;
		return scheduler.arm(scheduler.newTimer(scheduler, task, deadlineNanos));
	}

	/**
	 * Waits without a thread.
	 * @param time how long; the precision is a millisecond, and what is negative counts
	 * as zero
	 * @return a task that ends then, on a worker
	 * @throws RejectedExecutionException if the runtime has ended
	 */
	public JoinHandle<Void> sleep(Duration time) {
		return sleepUntil(this.scheduler.deadlineAfter(Durations.nanos(time, "time")));
	}

	JoinHandle<Void> sleepUntil(long deadlineNanos) {
		boolean due = deadlineNanos - this.scheduler.ticker().nanos() <= 0;
		return due ? yieldNow() : new SleepTask(tasks(), deadlineNanos).start();
	}

	/**
	 * Waits for a stage, but not too long.
	 * @param <T> the type of the result
	 * @param stage what to wait for; if it is a future it is cancelled at the timeout
	 * @param time how long to wait at most; what is negative counts as zero
	 * @return completed like the stage or, on a worker, with a
	 * {@link java.util.concurrent.TimeoutException}
	 */
	public <T> CompletionStage<T> timeout(CompletionStage<T> stage, Duration time) {
		return Timeout.of(this, stage, time);
	}

	/**
	 * Makes something that ticks with a fixed period, starting now.
	 * @param period the time between two ticks
	 * @param missedTicks what to do when nobody asked for a tick in time
	 * @return the interval
	 */
	public Interval interval(Duration period, MissedTicks missedTicks) {
		return new Interval(this, period, missedTicks);
	}

	/**
	 * Lets the others run that wait for this worker.
	 * @return completed after them
	 */
	public JoinHandle<Void> yieldNow() {
		return tasks().yieldNow();
	}

	/*
	 * --------------- Strands, and work that blocks ---------------
	 */

	/**
	 * Creates a strand. It costs no thread and need not be closed.
	 * @return a new strand
	 */
	public Strand newStrand() {
		return newStrand(StrandOptions.DEFAULTS);
	}

	/**
	 * Creates a strand.
	 * @param options how it runs
	 * @return a new strand
	 * @throws IndexOutOfBoundsException if there is no such worker
	 */
	public Strand newStrand(StrandOptions options) {
		Objects.requireNonNull(options, "options");
		return this.scheduler.newStrand(options);
	}

	/**
	 * Runs a job on a thread that may block.
	 * @param <T> the type of the result
	 * @param job the job
	 * @return the handle of the job; to abort it, or to cancel the future that it is
	 * turned into, stops a job that has not started, and no other
	 * @throws RejectedExecutionException if too many jobs are waiting or the runtime has
	 * ended
	 */
	public <T> JoinHandle<T> spawnBlocking(Callable<T> job) {
		return new BlockingJob<>(tasks(), null, Objects.requireNonNull(job, "job")).start();
	}

	/**
	 * Runs a job on a thread that may block.
	 * @param <T> the type of the result
	 * @param name the name of the job, for people
	 * @param job the job
	 * @return the handle of the job; to abort it, or to cancel the future that it is
	 * turned into, stops a job that has not started, and no other
	 * @throws RejectedExecutionException if too many jobs are waiting or the runtime has
	 * ended
	 */
	public <T> JoinHandle<T> spawnBlocking(String name, Callable<T> job) {
		Objects.requireNonNull(name, "name");
		return new BlockingJob<>(tasks(), name, Objects.requireNonNull(job, "job")).start();
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
	 * Returns what the runtime shows of itself.
	 * @return a live view
	 */
	public RuntimeDiagnostics diagnostics() {
		return this.diagnostics;
	}

	/**
	 * Ends the runtime in order: what is registered is closed, what is queued runs,
	 * threads end. Only the first call in a life counts.
	 * @param quietPeriod how long nothing must have run before the end; what is negative
	 * counts as zero
	 * @param timeout how long to wait at most, for threads that are stuck too; what is
	 * negative counts as zero
	 * @return completed at the very end, never exceptionally
	 */
	public CompletionStage<Void> shutdown(Duration quietPeriod, Duration timeout) {
		Shutdown shutdown = this.scheduler.shutdown();
		shutdown.begin(Durations.nanos(quietPeriod, "quietPeriod"), Durations.nanos(timeout, "timeout"));
		return shutdown.termination().minimalCompletionStage();
	}

	/**
	 * Returns the future of the end.
	 * @return completed when the runtime has ended
	 */
	public CompletionStage<Void> termination() {
		return this.scheduler.shutdown().termination().minimalCompletionStage();
	}

	/**
	 * Ends the runtime and waits for it, at most 15 seconds; within one of its own
	 * threads it does not wait.
	 */
	@Override
	public void close() {
		Scheduler scheduler = this.scheduler;
		scheduler.shutdown().begin(0, CLOSE_TIMEOUT.toNanos());
		if (!scheduler.blockingPool().isOwnThread()) {
			scheduler.shutdown().await(CLOSE_TIMEOUT.toNanos());
		}
	}

	/**
	 * Returns whether the end has begun.
	 * @return whether {@link #shutdown} was called
	 */
	public boolean isShuttingDown() {
		return this.scheduler.isShuttingDown();
	}

	/**
	 * Returns whether new work is refused.
	 * @return whether the workers have been told to end
	 */
	public boolean isShutdown() {
		return this.scheduler.isShutdown();
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
		return (worker != null) ? worker.scheduler().runtime() : SlowLane.currentRuntime();
	}

	Scheduler scheduler() {
		return this.scheduler;
	}

	private Tasks tasks() {
		return this.scheduler.tasks();
	}

}
