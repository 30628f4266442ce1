package dev.loopline.layers;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * Where a layer has something run that comes later. Both methods throw a
 * {@link java.util.concurrent.RejectedExecutionException} if nothing runs there any more.
 */
public interface Timers {

	/**
	 * Runs a task soon.
	 * @param task the task
	 */
	void execute(Runnable task);

	/**
	 * Runs a task later.
	 * @param task the task
	 * @param delay in how long
	 * @return forgets the task
	 */
	Disposable schedule(Runnable task, Duration delay);

	/**
	 * Returns those of a scheduler.
	 * @param scheduler the scheduler
	 * @return its timers
	 */
	static Timers of(Scheduler scheduler) {
		return new Timers() {

			@Override
			public void execute(Runnable task) {
				scheduler.schedule(task);
			}

			@Override
			public Disposable schedule(Runnable task, Duration delay) {
				return scheduler.schedule(task, TimeUnit.NANOSECONDS.convert(delay), TimeUnit.NANOSECONDS);
			}

		};
	}

}
