package dev.loopline.runtime;

import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

/**
 * Something that a worker runs once, without a handle.
 */
final class Job extends Schedulable {

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
			Failures.warn(Tasks.logger, "A job threw an exception: {}", task, ex);
		}
	}

	@Override
	@Nullable StrandContext work() {
		return null;
	}

	@Override
	void close() {
		if (this.task instanceof Future<?> future) {
			future.cancel(false);
		}
		else {
			Failures.warn(Tasks.logger, "The runtime ended before it could run {}", this.task);
		}
	}

}
