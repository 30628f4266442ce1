package dev.loopline.runtime;

import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.internal.thread.BlockingPool;
import dev.loopline.runtime.internal.thread.ThreadMaker;
import dev.loopline.runtime.io.IoDriver;
import dev.loopline.runtime.time.Ticker;

/**
 * Looks into a {@link TaskRuntime}, in whichever of its lives, and takes the place of its
 * threads. Made for {@code loopline-test}, which tests of applications use; there is no
 * promise that any of this stays as it is. Safe for use by many threads, but for what
 * says that the runtime must have none.
 */
public final class SchedulerProbe {

	/*-
	 * Idle
	 * ----
	 * 1. Every worker's thread waits in its driver, and has parked so many times.
	 * 2. Nobody has asked anything of a worker, no queue has work, no blocking job runs. Whoever wakes a
	 *    worker leaves such a mark before it does.
	 * 3. Every worker's thread still waits and has not parked anew.
	 * So there was a moment at which nothing ran and nothing was about to.
	 */

	private final TaskRuntime runtime;

	private SchedulerProbe(TaskRuntime runtime) {
		this.runtime = runtime;
	}

	/**
	 * Makes a probe.
	 * @param runtime the runtime to look into
	 * @return the probe
	 */
	public static SchedulerProbe of(TaskRuntime runtime) {
		return new SchedulerProbe(Objects.requireNonNull(runtime, "runtime"));
	}

	/**
	 * Keeps a runtime from making a thread to call a factory on: it is called by whoever
	 * needs a thread. For threads that never run.
	 * @param factory the factory
	 * @return a factory for the configuration
	 */
	public static ThreadFactory inPlace(ThreadFactory factory) {
		Objects.requireNonNull(factory, "factory");
		return (ThreadMaker.InPlace) factory::newThread;
	}

	/**
	 * Returns whether nothing runs, nothing is queued and nothing is due.
	 * @return whether only the clock, or somebody outside, can make a difference
	 */
	public boolean isIdle() {
		Scheduler scheduler = this.runtime.scheduler();
		long parks = parksOfWaiting(scheduler);
		return parks >= 0 && isUndisturbed(scheduler) && parks == parksOfWaiting(scheduler);
	}

	private static boolean isUndisturbed(Scheduler scheduler) {
		for (Worker worker : scheduler.workers()) {
			if (!worker.isUndisturbed()) {
				return false;
			}
		}
		BlockingPool pool = scheduler.blockingPool();
		return !scheduler.hasQueuedWork() && scheduler.slowLane().isIdle() && pool.queueDepth() == 0
				&& pool.threads() - pool.idleThreads() == scheduler.workers().length;
	}

	/**
	 * Returns how often the workers have parked in all, or -1 if not all of them wait.
	 */
	private static long parksOfWaiting(Scheduler scheduler) {
		long parks = 0;
		for (Worker worker : scheduler.workers()) {
			WorkerThread owner = worker.owner;
			Thread thread = (owner != null) ? owner.thread() : null;
			if (owner == null || !isWaiting(thread)) {
				return -1;
			}
			parks += owner.stats.parks;
		}
		return parks;
	}

	private static boolean isWaiting(@Nullable Thread thread) {
		return thread != null && thread.getState() == Thread.State.WAITING
				&& LockSupport.getBlocker(thread) instanceof IoDriver;
	}

	/**
	 * Returns when the next timer is due, if the clock is paused.
	 * @return a reading of the runtime's {@link Ticker}, or {@link Long#MAX_VALUE} if no
	 * worker has seen a timer
	 */
	public long nextDeadlineNanos() {
		long next = Long.MAX_VALUE;
		for (Worker worker : this.runtime.scheduler().workers()) {
			next = Math.min(next, worker.nextDeadlineNanos());
		}
		return next;
	}

	/**
	 * Makes every worker look at its timers, after the clock has moved.
	 */
	public void wakeWorkers() {
		for (Worker worker : this.runtime.scheduler().workers()) {
			worker.ringDoorbell();
		}
	}

	/**
	 * Takes the next work that was queued, whatever its priority. The workers must have
	 * no threads.
	 * @return what runs it, or {@code null} if none is queued
	 */
	public @Nullable Step takeQueued() {
		Scheduler scheduler = this.runtime.scheduler();
		Work injected = scheduler.injector().pop();
		Work next = (injected != null) ? injected : scheduler.priorityQueues().pop();
		if (next == null) {
			return null;
		}
		Ticker ticker = scheduler.ticker();
		long quantum = scheduler.config().quantum().toNanos();
		return (budget) -> {
			if (!next.isFast() && !next.isPinned()) {
				scheduler.slowLane().submit(next);
				return false;
			}
			return next.poll(budget, quantum, ticker, ticker.nanos());
		};
	}

	/**
	 * Fires the timers that are due. The workers must have no threads.
	 */
	public void fireTimers() {
		for (Worker worker : this.runtime.scheduler().workers()) {
			if (worker.token.tryAcquire()) {
				try {
					worker.pollNow();
				}
				finally {
					worker.token.release();
				}
			}
		}
	}

	/**
	 * Aborts what has not ended and tells the extensions, as the end of the runtime does.
	 * The workers must have no threads.
	 */
	public void abortAll() {
		Scheduler scheduler = this.runtime.scheduler();
		scheduler.tasks().close();
		scheduler.life().end();
	}

	/**
	 * A strand, a task, or a virtual thread that can go on.
	 */
	@FunctionalInterface
	public interface Step {

		/**
		 * Runs one poll of a task or some items of a strand, or lets what is known to
		 * block wait for a thread.
		 * @param budget the number of items, at most
		 * @return whether there is more to run now
		 */
		boolean run(int budget);

	}

}
