package dev.loopline.autoconfigure.reactor;

import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;
import dev.loopline.runtime.StrandKind;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.time.Ticker;

/**
 * Where the tasks of a scheduler or worker run. Safe for use by many threads.
 */
interface SchedulerTarget extends Executor {

	/**
	 * Runs a task at a point in time, a reading of the runtime's ticker.
	 */
	Disposable scheduleAt(Runnable task, long deadlineNanos);

	/**
	 * Lists the strand that this is, if it is one, among those that are alive.
	 * @param label an object whose text is what it is called
	 */
	default void enlist(Object label) {
	}

	/**
	 * Takes it off the list if it is there under this label.
	 */
	default void delist(Object label) {
	}

	/**
	 * Any worker of the runtime.
	 */
	static SchedulerTarget of(TaskRuntime runtime) {
		return new SchedulerTarget() {

			@Override
			public void execute(Runnable task) {
				ContinuedWork work = ContinuedWork.current();
				if (work != null) {
					work.newStrand(runtime).execute(task);
					return;
				}
				runtime.execute(task);
			}

			@Override
			public Disposable scheduleAt(Runnable task, long deadlineNanos) {
				ContinuedWork work = ContinuedWork.current();
				return (work != null) ? work.newStrand(runtime).scheduleAt(task, deadlineNanos)::cancel
						: runtime.timers().scheduleAt(task, deadlineNanos)::cancel;
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
			public Disposable scheduleAt(Runnable task, long deadlineNanos) {
				return strand.scheduleAt(task, deadlineNanos)::cancel;
			}

			@Override
			public void enlist(Object label) {
				StrandInstrumentation.enlist(strand, StrandKind.SCHEDULER, label);
			}

			@Override
			public void delist(Object label) {
				StrandInstrumentation.delist(strand, label);
			}

		};
	}

	/**
	 * Another scheduler.
	 */
	static SchedulerTarget of(Scheduler other) {
		return new SchedulerTarget() {

			@Override
			public void execute(Runnable task) {
				other.schedule(task);
			}

			@Override
			public Disposable scheduleAt(Runnable task, long deadlineNanos) {
				return other.schedule(task, deadlineNanos - Ticker.system().nanos(), TimeUnit.NANOSECONDS);
			}

		};
	}

	/**
	 * A worker of another scheduler.
	 */
	static SchedulerTarget of(Scheduler.Worker other) {
		return new SchedulerTarget() {

			@Override
			public void execute(Runnable task) {
				other.schedule(task);
			}

			@Override
			public Disposable scheduleAt(Runnable task, long deadlineNanos) {
				return other.schedule(task, deadlineNanos - Ticker.system().nanos(), TimeUnit.NANOSECONDS);
			}

			@Override
			public void delist(Object label) {
				other.dispose();
			}

		};
	}

}
