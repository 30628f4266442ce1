package dev.loopline.runtime;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

import dev.loopline.runtime.internal.support.Stages;

/**
 * Waits for tasks to end, for an orderly shutdown: stop spawning, close, cancel, await.
 * It keeps no ended task. Safe for use by many threads.
 */
public final class TaskTracker implements AutoCloseable {

	private static final long CLOSED = 1;

	private static final long TASK = 2;

	/** Two per task, plus one once closed. */
	private final AtomicLong state = new AtomicLong();

	private final CompletableFuture<Void> empty = new CompletableFuture<>();

	/**
	 * Counts a task in until it ends; also after {@link #close()}.
	 * @param <T> the type of the result
	 * @param task the task
	 * @return the task
	 */
	public <T> JoinHandle<T> track(JoinHandle<T> task) {
		Objects.requireNonNull(task, "task");
		this.state.addAndGet(TASK);
		onEnd(task, this::ended);
		return task;
	}

	/**
	 * Calls back when a task has ended, without counting as interest in its outcome.
	 */
	static void onEnd(JoinHandle<?> task, Runnable action) {
		((TaskHandle<?>) task).onEnd(action);
	}

	private void ended() {
		if (this.state.addAndGet(-TASK) == CLOSED) {
			Stages.complete(this.empty, null);
		}
	}

	/**
	 * Returns the number of tasks that have not ended.
	 * @return a snapshot
	 */
	public long size() {
		return this.state.get() / TASK;
	}

	/**
	 * Lets {@link #await()} complete once all tasks have ended. Does not abort them.
	 */
	@Override
	public void close() {
		if (this.state.getAndUpdate((state) -> state | CLOSED) == 0) {
			Stages.complete(this.empty, null);
		}
	}

	/**
	 * Waits until the tracker is closed and no task is left.
	 * @return completed then, never exceptionally
	 */
	public CompletionStage<Void> await() {
		return this.empty.minimalCompletionStage();
	}

}
