package dev.loopline.runtime;

import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * The {@link JoinHandle} of a {@link Task}. Only the task can complete it.
 *
 * @param <T> the type of the result
 */
final class TaskHandle<T> extends BaseHandle<T> {

	private final Task<T> task;

	TaskHandle(Task<T> task, @Nullable String name) {
		super(name);
		this.task = task;
	}

	@Override
	Tasks tasks() {
		return this.task.tasks;
	}

	/**
	 * Calls back when the task has ended, without showing interest in the outcome.
	 */
	void onEnd(Runnable action) {
		CompletableFuture.allOf(this).whenComplete((ended, failure) -> action.run());
	}

	@Override
	void observed() {
		this.task.setJoinInterest();
	}

	@Override
	public boolean abort() {
		return this.task.abort();
	}

	@Override
	public boolean cancel(boolean mayInterruptIfRunning) {
		return abort();
	}

	@Override
	public TaskStatus status() {
		return this.task.status();
	}

}
