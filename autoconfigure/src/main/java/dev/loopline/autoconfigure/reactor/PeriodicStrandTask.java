package dev.loopline.autoconfigure.reactor;

import java.util.concurrent.RejectedExecutionException;

import org.jspecify.annotations.Nullable;

/**
 * A task that runs again and again at a fixed rate, until it is disposed or throws.
 */
final class PeriodicStrandTask extends StrandTask {

	private final long periodNanos;

	/** When the next run is due. */
	private long deadline;

	PeriodicStrandTask(StrandScheduler scheduler, @Nullable StrandWorker worker, Runnable body, long periodNanos) {
		super(scheduler, worker, body);
		this.periodNanos = Math.min(Math.max(0, periodNanos), FAR);
	}

	void start(long initialDelayNanos) {
		this.deadline = now() + Math.min(Math.max(0, initialDelayNanos), FAR);
		armAt(this.deadline);
	}

	@Override
	@Nullable Object afterRun() {
		return null;
	}

	@Override
	boolean runAgain() {
		this.deadline += this.periodNanos;
		try {
			armAt(this.deadline);
			return true;
		}
		catch (RejectedExecutionException ex) {
			return false;
		}
	}

}
