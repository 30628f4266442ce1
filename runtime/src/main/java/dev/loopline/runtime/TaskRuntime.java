package dev.loopline.runtime;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.internal.support.Durations;
import dev.loopline.runtime.io.IoDriver;

/**
 * Runs strands and tasks on workers that steal them from each other, and what blocks on
 * threads of its own. Whoever starts something after the end is told by a
 * {@link RejectedExecutionException}. Safe for use by many threads.
 */
public final class TaskRuntime implements AutoCloseable {

	private final TaskRuntimeConfig config;

	private final IoDriver.Factory driverFactory;

	private final RuntimeDiagnostics diagnostics = new RuntimeDiagnostics(this);

	private final RuntimeTimers timers = new RuntimeTimers(this);

	/** Of the current life. To be read once in each method. */
	private volatile Scheduler scheduler;

	private TaskRuntime(TaskRuntimeConfig config, IoDriver.Factory driverFactory) {
		this.config = config;
		this.driverFactory = driverFactory;
		this.scheduler = Scheduler.start(this, 0, driverFactory);
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
		Objects.requireNonNull(driverFactory, "driverFactory");
		return new TaskRuntime(Objects.requireNonNull(config, "config"), driverFactory);
	}

	/**
	 * Begins a new life after the last one has ended, with new threads and drivers;
	 * strands, timers and handles of a former one stay ended.
	 * @throws IllegalStateException if the runtime has not ended
	 */
	public synchronized void restart() {
		if (!this.scheduler.shutdown().termination().isDone()) {
			throw new IllegalStateException("The runtime has not ended");
		}
		this.scheduler = Scheduler.start(this, restarts() + 1, this.driverFactory);
	}

	/**
	 * Returns how often the runtime has begun a new life.
	 * @return the number of restarts; as long as it stays the same strands are of use
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

	/**
	 * Starts a task that runs something once, which must not block.
	 * @param body what to run
	 * @return the handle of the task
	 */
	public JoinHandle<Void> spawn(Runnable body) {
		return new CallableTask<Void>(tasks(), null, Executors.callable(Objects.requireNonNull(body, "body"), null))
			.start();
	}

	/**
	 * Starts a task that runs something once, which must not block.
	 * @param name the name of the task, for people
	 * @param body what to run
	 * @return the handle of the task
	 */
	public JoinHandle<Void> spawn(String name, Runnable body) {
		Objects.requireNonNull(name, "name");
		return new CallableTask<Void>(tasks(), name, Executors.callable(Objects.requireNonNull(body, "body"), null))
			.start();
	}

	/**
	 * Starts a task that calls something once, which must not block.
	 * @param <T> the type of the result
	 * @param body what to call
	 * @return the handle of the task
	 */
	public <T> JoinHandle<T> spawn(Callable<? extends T> body) {
		return new CallableTask<T>(tasks(), null, Objects.requireNonNull(body, "body")).start();
	}

	/**
	 * Starts a task that calls something once, which must not block.
	 * @param <T> the type of the result
	 * @param name the name of the task, for people
	 * @param body what to call
	 * @return the handle of the task
	 */
	public <T> JoinHandle<T> spawn(String name, Callable<? extends T> body) {
		Objects.requireNonNull(name, "name");
		return new CallableTask<T>(tasks(), name, Objects.requireNonNull(body, "body")).start();
	}

	/**
	 * Starts a task that is polled in steps.
	 * @param <T> the type of the result
	 * @param body what to poll
	 * @return the handle of the task
	 */
	public <T> JoinHandle<T> spawn(TaskBody<T> body) {
		return new BodyTask<T>(tasks(), null, Objects.requireNonNull(body, "body")).start();
	}

	/**
	 * Starts a task that is polled in steps.
	 * @param <T> the type of the result
	 * @param name the name of the task, for people
	 * @param body what to poll
	 * @return the handle of the task
	 */
	public <T> JoinHandle<T> spawn(String name, TaskBody<T> body) {
		Objects.requireNonNull(name, "name");
		return new BodyTask<T>(tasks(), name, Objects.requireNonNull(body, "body")).start();
	}

	/**
	 * Starts a task that starts something and waits for it without a thread.
	 * @param <T> the type of the result
	 * @param body starts it, on a worker; a future that it returns is cancelled with it
	 * @return the handle of the task
	 */
	public <T> JoinHandle<T> spawnAsync(Supplier<? extends CompletionStage<? extends T>> body) {
		return new StageTask<T>(tasks(), null, Objects.requireNonNull(body, "body")).start();
	}

	/**
	 * Starts a task that starts something and waits for it without a thread.
	 * @param <T> the type of the result
	 * @param name the name of the task, for people
	 * @param body starts it, on a worker; a future that it returns is cancelled with it
	 * @return the handle of the task
	 */
	public <T> JoinHandle<T> spawnAsync(String name, Supplier<? extends CompletionStage<? extends T>> body) {
		Objects.requireNonNull(name, "name");
		return new StageTask<T>(tasks(), name, Objects.requireNonNull(body, "body")).start();
	}

	/**
	 * Runs something on a worker, without a handle. It must not block.
	 * @param task what to run; what it throws is logged
	 * @throws RejectedExecutionException if the runtime has ended
	 */
	public void execute(Runnable task) {
		this.scheduler.execute(Objects.requireNonNull(task, "task"));
	}

	/**
	 * Waits without a thread.
	 * @param time how long, to the millisecond; what is negative counts as zero
	 * @return a task that ends then, on a worker
	 */
	public JoinHandle<Void> sleep(Duration time) {
		return this.timers.sleepUntil(this.scheduler.deadlineAfter(Durations.nanos(time, "time")));
	}

	/**
	 * Waits for a stage, but not too long.
	 * @param <T> the type of the result
	 * @param stage what to wait for; if it is a future it is cancelled at the timeout
	 * @param time how long to wait at most; what is negative counts as zero
	 * @return completed like the stage or, on a worker, with a {@link TimeoutException}
	 */
	public <T> CompletionStage<T> timeout(CompletionStage<T> stage, Duration time) {
		return Timeout.of(this, stage, time);
	}

	/**
	 * Returns the timers.
	 * @return what runs something later, or again and again
	 */
	public RuntimeTimers timers() {
		return this.timers;
	}

	/**
	 * Lets the others run that wait for this worker.
	 * @return completed after them
	 */
	public JoinHandle<Void> yieldNow() {
		return tasks().yieldNow();
	}

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
		return this.scheduler.newStrand(Objects.requireNonNull(options, "options"));
	}

	/**
	 * Runs a job on a thread that may block.
	 * @param <T> the type of the result
	 * @param job the job
	 * @return the handle of the job; to abort it stops only a job that has not started
	 * @throws RejectedExecutionException also if too many jobs are waiting
	 */
	public <T> JoinHandle<T> spawnBlocking(Callable<T> job) {
		return new BlockingJob<>(tasks(), null, Objects.requireNonNull(job, "job")).start();
	}

	/**
	 * Runs a job on a thread that may block.
	 * @param <T> the type of the result
	 * @param name the name of the job, for people
	 * @param job the job
	 * @return the handle of the job; to abort it stops only a job that has not started
	 * @throws RejectedExecutionException also if too many jobs are waiting
	 */
	public <T> JoinHandle<T> spawnBlocking(String name, Callable<T> job) {
		Objects.requireNonNull(name, "name");
		return new BlockingJob<>(tasks(), name, Objects.requireNonNull(job, "job")).start();
	}

	/**
	 * Runs a job that may block here and now, in the middle of a task. A worker moves to
	 * a spare thread meanwhile, and the strand is taken for a slow one; if there is no
	 * such thread, or the strand is bound to its worker, the job holds the worker up. On
	 * any other thread it just runs. Within the job {@link #current()} is {@code null}.
	 * @param <T> the type of the result
	 * @param job the job
	 * @return its result
	 * @throws Exception what the job throws
	 */
	public static <T> T blockInPlace(Callable<T> job) throws Exception {
		return InPlace.call(Objects.requireNonNull(job, "job"));
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
	 * @param quietPeriod how long nothing must have run before the end
	 * @param timeout how long to wait at most, for threads that are stuck too
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
	 * Ends the runtime and waits at most 15 seconds for it, but not on a thread of it.
	 */
	@Override
	public void close() {
		this.scheduler.shutdown().close();
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
	 * Returns the runtime whose strand or task the calling thread is inside of, whatever
	 * the scheduler has made of that thread.
	 * @return {@code null} in jobs that may block and on the threads of others
	 */
	public static @Nullable TaskRuntime current() {
		return InPlace.isActive() ? null : Scheduler.currentRuntime();
	}

	Scheduler scheduler() {
		return this.scheduler;
	}

	private Tasks tasks() {
		return this.scheduler.tasks();
	}

}
