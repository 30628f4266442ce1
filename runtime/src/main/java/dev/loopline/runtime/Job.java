package dev.loopline.runtime;

import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

/**
 * Something that a worker runs once, without a handle.
 */
final class Job extends Schedulable {

	private final Runnable task;

	Job(Runnable task) {
		super(false, Strand.Pace.FAST, false);
		this.task = task;
	}

	@Override
	boolean poll(int budget, long quantumNanos, Ticker ticker, long start) {
		try {
			this.task.run();
		}
		catch (Throwable ex) {
			Tasks.logger.warn("A job threw an exception: {}", this.task, ex);
		}
		Thread.interrupted(); // the job's: neither the next one's nor the worker's
		return false;
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
			Tasks.logger.warn("The runtime ended before it could run {}", this.task);
		}
	}

}
