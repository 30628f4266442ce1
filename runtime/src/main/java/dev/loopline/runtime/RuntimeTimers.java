package dev.loopline.runtime;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import dev.loopline.runtime.time.Ticker;

/**
 * Runs something later on a worker of a {@link TaskRuntime}, or again and again. After
 * the end that is refused by a {@link RejectedExecutionException}. Safe for use by many
 * threads.
 */
public final class RuntimeTimers {

	private final TaskRuntime runtime;

	RuntimeTimers(TaskRuntime runtime) {
		this.runtime = runtime;
	}

	/**
	 * Runs something on a worker after a delay. It runs within about a millisecond of the
	 * deadline, never before it.
	 * @param task what to run; what it throws is logged
	 * @param delay the delay; what is negative counts as zero
	 * @param unit the unit of the delay
	 * @return the timer, to cancel it
	 */
	public StrandTimer schedule(Runnable task, long delay, TimeUnit unit) {
		return scheduleAt(task, this.runtime.scheduler().deadlineAfter(Math.max(0, unit.toNanos(delay))));
	}

	/**
	 * Runs something on a worker at a point in time. It runs within about a millisecond
	 * of it, never before it.
	 * @param task what to run; what it throws is logged
	 * @param deadlineNanos a reading of the runtime's {@link Ticker}
	 * @return the timer, to cancel it
	 */
	public StrandTimer scheduleAt(Runnable task, long deadlineNanos) {
		Objects.requireNonNull(task, "task");
		Scheduler scheduler = this.runtime.scheduler();
		return scheduler.arm(scheduler.newTimer(scheduler, task, deadlineNanos));
	}

	JoinHandle<Void> sleepUntil(long deadlineNanos) {
		Scheduler scheduler = this.runtime.scheduler();
		boolean due = deadlineNanos - scheduler.ticker().nanos() <= 0;
		return due ? this.runtime.yieldNow() : new SleepTask(scheduler.tasks(), deadlineNanos).start();
	}

	/**
	 * Makes something that ticks with a fixed period, starting now.
	 * @param period the time between two ticks
	 * @param missedTicks what to do when nobody asked for a tick in time
	 * @return the interval
	 */
	public Interval interval(Duration period, MissedTicks missedTicks) {
		return new Interval(this.runtime, period, missedTicks);
	}

}
