package dev.loopline.runtime;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The part of a {@link TaskRuntime} that runs tasks and keeps time. Safe for use by many
 * threads.
 */
public abstract sealed class TaskSpawner implements Executor permits TaskRuntime {

	TaskSpawner() {
	}

	abstract Tasks tasks();

	private TaskRuntime self() {
		return (TaskRuntime) this;
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
		return tasks().spawn(new CallableTask<>(self(), null, body));
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
		return tasks().spawn(new CallableTask<>(self(), name, body));
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
		return tasks().spawn(new BodyTask<>(self(), null, body));
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
		return tasks().spawn(new BodyTask<>(self(), name, body));
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
		return tasks().spawn(new StageTask<>(self(), null, body));
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
		return tasks().spawn(new StageTask<>(self(), name, body));
	}

	/**
	 * Starts an actor with the default options.
	 * @param <M> the type of its messages
	 * @param name its name, which no other live actor may have
	 * @param factory makes the actor, again after a failure
	 * @return the reference to the actor
	 * @throws IllegalStateException if there is an actor of this name
	 */
	public <M> ActorRef<M> spawnActor(String name, Supplier<? extends Actor<M>> factory) {
		return spawnActor(name, factory, ActorOptions.DEFAULTS);
	}

	/**
	 * Starts an actor.
	 * @param <M> the type of its messages
	 * @param name its name, which no other live actor may have
	 * @param factory makes the actor, again after a failure
	 * @param options how it behaves when it has too much to do or fails
	 * @return the reference to the actor
	 * @throws IllegalStateException if there is an actor of this name
	 */
	public <M> ActorRef<M> spawnActor(String name, Supplier<? extends Actor<M>> factory, ActorOptions options) {
		Objects.requireNonNull(name, "name");
		Objects.requireNonNull(factory, "factory");
		Objects.requireNonNull(options, "options");
		return tasks().actors().add(new ActorRef<>(self(), name, factory, options));
	}

	/**
	 * Lists the actors that have not stopped.
	 * @return a snapshot, ordered by name
	 */
	public List<ActorSnapshot> actors() {
		return tasks().actors().snapshot();
	}

	/**
	 * Runs something on a worker, without a handle. It must not block.
	 * @param task what to run; what it throws is logged
	 * @throws RejectedExecutionException if the runtime has ended
	 */
	@Override
	public void execute(Runnable task) {
		Objects.requireNonNull(task, "task");
		if (self().isShutdown()) {
			throw new RejectedExecutionException("The runtime has ended");
		}
		self().schedule(new Job(task));
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
		return scheduleAt(task, self().deadlineAfter(Math.max(0, unit.toNanos(delay))));
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
		return self().arm(self().newTimer(this, task, deadlineNanos));
	}

	/**
	 * Waits without a thread.
	 * @param time how long; the precision is a millisecond, and what is negative counts
	 * as zero
	 * @return a task that ends then, on a worker
	 * @throws RejectedExecutionException if the runtime has ended
	 */
	public JoinHandle<Void> sleep(Duration time) {
		return sleepUntil(self().deadlineAfter(Durations.nanos(time, "time")));
	}

	JoinHandle<Void> sleepUntil(long deadlineNanos) {
		boolean due = deadlineNanos - self().settings().ticker().nanos() <= 0;
		return due ? yieldNow() : new SleepTask(self(), deadlineNanos).start();
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
		return Timeout.of(self(), stage, time);
	}

	/**
	 * Makes something that ticks with a fixed period, starting now.
	 * @param period the time between two ticks
	 * @param missedTicks what to do when nobody asked for a tick in time
	 * @return the interval
	 */
	public Interval interval(Duration period, MissedTicks missedTicks) {
		return new Interval(self(), period, missedTicks);
	}

	/**
	 * Lets the others run that wait for this worker.
	 * @return completed after them
	 */
	public JoinHandle<Void> yieldNow() {
		return tasks().yieldNow();
	}

	/**
	 * Lists tasks that have not ended: those that run, then those that wait for a worker,
	 * then those that are suspended.
	 * @param limit how many to list at most
	 * @return a snapshot, in which a task that moves meanwhile may be missing
	 * @throws IllegalArgumentException if the limit is negative
	 */
	public List<TaskSnapshot> tasks(int limit) {
		if (limit < 0) {
			throw new IllegalArgumentException("limit must not be negative, but was " + limit);
		}
		return tasks().snapshot(limit);
	}

}
