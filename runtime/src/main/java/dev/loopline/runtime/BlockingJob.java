package dev.loopline.runtime;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.internal.support.Failures;
import dev.loopline.runtime.internal.support.Stages;

/**
 * A job on a thread that may block, and its result. Only the job can complete it.
 *
 * @param <T> the type of the result
 */
final class BlockingJob<T> extends BaseHandle<T> implements Runnable {

	/** Let go of when the job runs or is cancelled. */
	private volatile @Nullable Callable<T> job;

	private final Tasks tasks;

	/** Names a job that has no name. */
	private final String type;

	private volatile boolean running;

	private volatile boolean observed;

	BlockingJob(Tasks tasks, @Nullable String name, Callable<T> job) {
		super(name);
		this.tasks = tasks;
		this.type = job.getClass().getName();
		this.job = tasks.decorate(job);
	}

	JoinHandle<T> start() {
		this.tasks.scheduler().blockingPool().execute(decorated());
		return this;
	}

	/**
	 * Returns what to run: this within what the hooks have put around it.
	 */
	private Runnable decorated() {
		Runnable decorated = this.tasks.decorate((Runnable) this);
		return (decorated != this) ? () -> runWithin(decorated) : this;
	}

	/**
	 * Sees to it that there is an outcome also if a hook has failed to run this.
	 */
	private void runWithin(Runnable decorated) {
		try {
			decorated.run();
			if (this.job != null) {
				failed(new IllegalStateException("A hook has not run the blocking job"));
			}
		}
		catch (Throwable ex) {
			if (!failed(ex)) {
				Failures.warn(Tasks.logger, ex, "A hook threw an exception after {}", this);
			}
		}
	}

	@Override
	public void run() {
		Callable<T> job = this.job;
		this.job = null;
		if (job == null || isDone()) {
			return; // cancelled before its turn
		}
		this.running = true;
		try {
			succeed(job.call());
		}
		catch (Throwable ex) {
			failed(ex);
		}
	}

	private boolean failed(Throwable failure) {
		this.job = null;
		boolean first = fail(new TaskFailedException(this, failure));
		if (first && !this.observed) {
			this.tasks.unobserved().add(this, () -> this.observed, failure);
		}
		return first;
	}

	@Override
	Tasks tasks() {
		return this.tasks;
	}

	@Override
	public TaskStatus status() {
		if (isCancelled()) {
			return TaskStatus.CANCELLED;
		}
		if (isDone()) {
			return TaskStatus.COMPLETE;
		}
		return this.running ? TaskStatus.RUNNING : TaskStatus.RUNNABLE;
	}

	@Override
	public boolean abort() {
		this.job = null;
		return fail(new CancellationException(this + " was aborted"));
	}

	@Override
	void observed() {
		this.observed = true;
	}

	@Override
	public boolean cancel(boolean mayInterruptIfRunning) {
		return abort() || isCancelled();
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
				Stages.fail(copy, failure);
			}
			else {
				Stages.complete(copy, result);
			}
		});
		copy.whenComplete((result, failure) -> {
			if (copy.isCancelled()) {
				cancel(false);
			}
		});
		return copy;
	}

	@Override
	public String toString() {
		return isNamed() ? "Blocking job '" + name() + "'" : "Blocking job " + this.type;
	}

}
