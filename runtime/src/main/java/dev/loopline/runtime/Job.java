package dev.loopline.runtime;

import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.loopline.runtime.internal.support.Failures;
import dev.loopline.runtime.stall.WorkContext;
import dev.loopline.runtime.time.Ticker;

/**
 * Something that a worker runs once, without a handle.
 */
final class Job extends Work {

	/** Let go of when it runs: the thread remembers this job until its next poll. */
	private @Nullable Runnable task;

	Job(Runnable task) {
		super(false, Strand.Pace.FAST, false);
		this.task = task;
	}

	@Override
	boolean poll(int budget, long quantumNanos, Ticker ticker, long start) {
		Runnable task = this.task;
		this.task = null;
		if (task != null) {
			run(task);
		}
		Thread.interrupted(); // the job's: neither the next one's nor the worker's
		return false;
	}

	private static void run(Runnable task) {
		try {
			task.run();
		}
		catch (Throwable ex) {
			Failures.warn(Tasks.logger, ex, "A job threw an exception: {}", task);
		}
	}

	@Override
	@Nullable WorkContext context() {
		return null;
	}

	@Override
	void close() {
		giveUp(this.task, Tasks.logger);
	}

	/**
	 * Tells whoever waits for something that it will never run, as the runtime has ended.
	 */
	static void giveUp(@Nullable Runnable task, Logger logger) {
		try {
			if (task instanceof Future<?> future) {
				future.cancel(false);
			}
			else {
				logger.warn("The runtime ended before it could run {}", task);
			}
		}
		catch (Throwable ex) {
			Failures.warn(logger, ex, "{} failed to be cancelled", task);
		}
	}

}
