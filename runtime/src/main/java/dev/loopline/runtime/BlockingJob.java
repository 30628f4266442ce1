package dev.loopline.runtime;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * A job on a thread that may block, and its result. Only the job can complete it.
 *
 * @param <T> the type of the result
 */
final class BlockingJob<T> extends OwnedFuture<T> implements Runnable {

	/** Let go of when the job runs or is cancelled. */
	private volatile @Nullable Callable<T> job;

	BlockingJob(Callable<T> job) {
		this.job = job;
	}

	@Override
	public void run() {
		Callable<T> job = this.job;
		this.job = null;
		if (job == null || isDone()) {
			return; // cancelled before its turn
		}
		try {
			succeed(job.call());
		}
		catch (Throwable ex) {
			fail(ex);
		}
	}

	@Override
	public boolean cancel(boolean mayInterruptIfRunning) {
		this.job = null;
		return super.cancel(mayInterruptIfRunning);
	}

	/**
	 * Returns a future of its own: completing it does nothing to the job, but cancelling
	 * it does.
	 */
	@Override
	public CompletableFuture<T> toCompletableFuture() {
		CompletableFuture<T> copy = new CompletableFuture<>();
		whenComplete((result, failure) -> { // as it is: a stage would wrap the failure
			if (failure != null) {
				copy.completeExceptionally(failure);
			}
			else {
				copy.complete(result);
			}
		});
		copy.whenComplete((result, failure) -> {
			if (copy.isCancelled()) {
				cancel(false);
			}
		});
		return copy;
	}

}
