package dev.loopline.autoconfigure.reactor;

import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandTimer;
import dev.loopline.runtime.TaskRuntime;

/**
 * Where the tasks of a scheduler or worker run. Safe for use by many threads.
 */
interface SchedulerTarget extends Executor {

	/**
	 * Runs a task after a delay.
	 */
	StrandTimer schedule(Runnable task, long delayNanos);

	/**
	 * Any worker of the runtime.
	 */
	static SchedulerTarget of(TaskRuntime runtime) {
		return new SchedulerTarget() {

			@Override
			public void execute(Runnable task) {
				runtime.execute(task);
			}

			@Override
			public StrandTimer schedule(Runnable task, long delayNanos) {
				return runtime.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
			}

		};
	}

	/**
	 * A strand: one after the other.
	 */
	static SchedulerTarget of(Strand strand) {
		return new SchedulerTarget() {

			@Override
			public void execute(Runnable task) {
				strand.execute(task);
			}

			@Override
			public StrandTimer schedule(Runnable task, long delayNanos) {
				return strand.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
			}

		};
	}

}
