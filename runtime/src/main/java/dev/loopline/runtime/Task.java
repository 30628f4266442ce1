package dev.loopline.runtime;

import java.util.concurrent.CancellationException;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.internal.stall.RunningStall;
import dev.loopline.runtime.internal.support.Failures;
import dev.loopline.runtime.stall.WorkContext;
import dev.loopline.runtime.stall.WorkDescription;
import dev.loopline.runtime.time.Ticker;

/**
 * A piece of work with a result, polled until it has one. Its body runs on one thread at
 * a time; abort and wake may come from any.
 *
 * @param <T> the type of the result
 */
abstract class Task<T> extends TaskState {

	/** A step's outcome: wake me when there is more to do. */
	static final Object SUSPENDED = new Object();

	/** A step's outcome: run me again after the others. */
	static final Object YIELDED = new Object();

	final Tasks tasks;

	final TaskHandle<T> handle;

	/** Set before the task is scheduled. */
	@Nullable TaskObservers observer;

	/** Neighbours among the suspended tasks. Only for {@link SuspendedTasks}. */
	@Nullable Task<?> previous;

	@Nullable Task<?> next;

	/**
	 * The list of suspended tasks that this one is on, or -1. Only for the holder of
	 * LOCKED.
	 */
	byte shard = -1;

	Task(Tasks tasks, @Nullable String name) {
		this.tasks = tasks;
		this.handle = new TaskHandle<>(this, name);
	}

	/**
	 * Starts the task, which nobody else has a part of yet.
	 */
	JoinHandle<T> start() {
		return this.tasks.spawn(this);
	}

	/**
	 * Runs the body once.
	 * @return the result, {@link #SUSPENDED} or {@link #YIELDED}
	 */
	abstract @Nullable Object step(int budget, long deadline, Ticker ticker) throws Throwable;

	/**
	 * Lets go of the body, before the end is visible.
	 * @param cancelled whether it has not run to its end
	 */
	abstract void release(boolean cancelled);

	@Override
	final boolean poll(int budget, long quantumNanos, Ticker ticker, long start) {
		try {
			return pollOnce(budget, quantumNanos, ticker, start);
		}
		catch (Throwable ex) { // what the body throws does not get here
			endBroken(ex);
			return false;
		}
	}

	private boolean pollOnce(int budget, long quantumNanos, Ticker ticker, long start) {
		switch (transitionToRunning()) {
			case CANCELLED -> {
				endAborted();
				return false;
			}
			case ENDED -> {
				return false;
			}
			case RUN -> {
			}
		}
		Object result;
		try {
			result = interruptibleStep(budget, start + quantumNanos, ticker);
		}
		catch (Throwable ex) {
			endFailed(ex);
			return false;
		}
		if (result == SUSPENDED) {
			return suspend();
		}
		if (result == YIELDED) {
			return yieldToOthers();
		}
		endSucceeded(result);
		return false;
	}

	private @Nullable Object interruptibleStep(int budget, long deadline, Ticker ticker) throws Throwable {
		try {
			return (this.observer != null) ? observedStep(this.observer, budget, deadline, ticker)
					: step(budget, deadline, ticker);
		}
		finally {
			Thread.interrupted(); // the task's: neither the next one's nor the worker's
		}
	}

	private @Nullable Object observedStep(TaskObservers observer, int budget, long deadline, Ticker ticker)
			throws Throwable {
		observer.beforePoll();
		try {
			return step(budget, deadline, ticker);
		}
		finally {
			observer.afterPoll();
		}
	}

	/**
	 * Takes part in the list of suspended tasks. Only for the holder of LOCKED.
	 */
	private boolean suspend() {
		if (this.shard < 0) {
			// Before the state says so: then others may end it
			this.tasks.suspended().add(this);
		}
		return switch (transitionToIdle()) {
			case IDLE -> false;
			case RESUBMIT -> true;
			case CANCELLED -> {
				endAborted();
				yield false;
			}
		};
	}

	private boolean yieldToOthers() {
		if (transitionToYielded()) {
			return true;
		}
		endAborted();
		return false;
	}

	@SuppressWarnings({ "unchecked", "NullAway" }) // a body may well return null
	private void endSucceeded(@Nullable Object result) {
		letGo(false);
		transitionToSucceeded();
		try {
			this.handle.succeed((T) result);
		}
		finally {
			this.tasks.ended(this);
		}
	}

	private void endFailed(Throwable cause) {
		end(false);
		try {
			this.handle.fail(new TaskFailedException(this.handle, cause));
			this.tasks.failed(this, cause);
			if (this.observer != null) {
				this.observer.onFailure(cause);
			}
		}
		finally {
			this.tasks.ended(this);
		}
	}

	private void endAborted() {
		end(true);
		this.handle.fail(new CancellationException("%s was aborted".formatted(this.handle)));
		this.tasks.ended(this);
	}

	/**
	 * Ends a task that failed to end, for want of memory perhaps.
	 */
	private void endBroken(Throwable cause) {
		Failures.error(Tasks.logger, cause, "{} failed to end", this.handle);
		try {
			if (!isComplete()) {
				end(true);
			}
			if (!this.handle.isDone()) {
				this.handle.fail(new TaskFailedException(this.handle, cause));
				this.tasks.ended(this);
			}
		}
		catch (Throwable ex) {
			Failures.error(Tasks.logger, ex, "{} failed to fail", this.handle);
		}
	}

	private void end(boolean cancelled) {
		letGo(cancelled);
		transitionToComplete();
	}

	private void letGo(boolean cancelled) {
		try {
			release(cancelled);
		}
		catch (Throwable ex) {
			Failures.warn(Tasks.logger, ex, "{} failed to let go of what it used", this.handle);
		}
		if (this.shard >= 0) {
			this.tasks.suspended().remove(this);
		}
	}

	/**
	 * Makes the task run again.
	 */
	final void wakeUp() {
		if (transitionToNotified()) {
			this.tasks.scheduler().schedule(this);
		}
	}

	/**
	 * Makes the task end without running again.
	 * @return {@code false} if it has ended
	 */
	final boolean abort() {
		ToCancelled transition = transitionToCancelled();
		if (transition == ToCancelled.SUBMIT) {
			this.tasks.scheduler().schedule(this);
		}
		return transition != ToCancelled.ENDED;
	}

	@Override
	final WorkContext context() {
		return () -> new WorkDescription(null, null, null, this.handle.isNamed() ? this.handle.name() : null);
	}

	@Override
	final void stalled(RunningStall stall) {
		if (this.observer != null) {
			this.observer.stalled(stall);
		}
	}

	@Override
	final void close() {
		if (transitionToCancelled() != ToCancelled.ENDED) {
			endAborted();
		}
	}

	@Override
	public String toString() {
		return this.handle.toString();
	}

}
