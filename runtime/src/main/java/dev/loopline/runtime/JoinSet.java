package dev.loopline.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.internal.support.Stages;

/**
 * Tasks of one kind whose ends are awaited in the order in which they come. Closing it
 * aborts what still runs, so that no task outlives the block that spawned it. Safe for
 * use by many threads.
 *
 * @param <T> the type of the results
 */
public final class JoinSet<T> implements AutoCloseable {

	private final TaskRuntime runtime;

	@GuardedBy("this")
	private final Set<JoinHandle<T>> running = new LinkedHashSet<>();

	@GuardedBy("this")
	private final ArrayDeque<JoinHandle<T>> finished = new ArrayDeque<>();

	/** Those who wait for the next end. */
	@GuardedBy("this")
	private final ArrayDeque<CompletableFuture<@Nullable JoinHandle<T>>> waiters = new ArrayDeque<>();

	/**
	 * Create an empty set.
	 * @param runtime runs the tasks
	 */
	public JoinSet(TaskRuntime runtime) {
		Objects.requireNonNull(runtime, "runtime");
		this.runtime = runtime;
	}

	/**
	 * Spawns a task into this set.
	 * @param body what to call
	 * @return the handle of the task
	 */
	public JoinHandle<T> spawn(Callable<? extends T> body) {
		Objects.requireNonNull(body, "body");
		return add(this.runtime.spawn(body));
	}

	/**
	 * Adds a task that was spawned already.
	 * @param task the task
	 * @return the task
	 */
	public JoinHandle<T> add(JoinHandle<T> task) {
		Objects.requireNonNull(task, "task");
		synchronized (this) {
			this.running.add(task);
		}
		TaskTracker.onEnd(task, () -> ended(task));
		return task;
	}

	private void ended(JoinHandle<T> task) {
		CompletableFuture<@Nullable JoinHandle<T>> waiter;
		synchronized (this) {
			if (!this.running.remove(task)) {
				return; // detached
			}
			waiter = this.waiters.poll();
			if (waiter == null) {
				this.finished.add(task);
			}
		}
		if (waiter != null) {
			Stages.complete(waiter, task);
			releaseWaiters();
		}
	}

	/**
	 * Tells those who wait for more than there is.
	 */
	private void releaseWaiters() {
		List<CompletableFuture<@Nullable JoinHandle<T>>> idle;
		synchronized (this) {
			if (!this.running.isEmpty()) {
				return;
			}
			idle = new ArrayList<>(this.waiters);
			this.waiters.clear();
		}
		idle.forEach((waiter) -> Stages.complete(waiter, null));
	}

	/**
	 * Waits for the next task to end and takes it out of the set.
	 * @return completed with the ended task, or with {@code null} if the set is empty
	 */
	public CompletionStage<@Nullable JoinHandle<T>> next() {
		return next(false).minimalCompletionStage();
	}

	@SuppressWarnings("NullAway") // completed with null on purpose
	private CompletableFuture<@Nullable JoinHandle<T>> next(boolean wait) {
		CompletableFuture<@Nullable JoinHandle<T>> result = new CompletableFuture<>();
		JoinHandle<T> next;
		synchronized (this) {
			next = this.finished.poll();
			if (next == null && !this.running.isEmpty()) {
				if (wait) {
					JoinGuard.check(this);
				}
				this.waiters.add(result);
				return result;
			}
		}
		result.complete(next);
		return result;
	}

	/**
	 * Blocks until the next task ends and takes it out of the set. A strand or a task
	 * uses {@link #next()}.
	 * @return the ended task, or {@code null} if the set is empty
	 * @throws IllegalStateException if this would wait inside of a strand or a task
	 */
	public @Nullable JoinHandle<T> joinNext() {
		return next(true).join();
	}

	/**
	 * Blocks until all tasks have ended. A strand or a task uses {@link #next()}.
	 * @return the results in the order of the ends
	 * @throws IllegalStateException if this would wait inside of a strand or a task;
	 * nothing is aborted
	 * @throws TaskFailedException if one failed; the others are aborted
	 */
	public List<T> joinAll() {
		synchronized (this) {
			if (!this.running.isEmpty()) {
				JoinGuard.check(this);
			}
		}
		List<T> results = new ArrayList<>();
		try {
			for (JoinHandle<T> task = joinNext(); task != null; task = joinNext()) {
				results.add(task.join());
			}
			return results;
		}
		finally {
			abortAll();
		}
	}

	/**
	 * Aborts every task; {@link #next()} still tells their ends.
	 */
	public void abortAll() {
		List<JoinHandle<T>> tasks;
		synchronized (this) {
			tasks = new ArrayList<>(this.running);
		}
		tasks.forEach(JoinHandle::abort);
	}

	/**
	 * Lets every task run on without this set.
	 */
	public void detachAll() {
		synchronized (this) {
			this.running.clear();
			this.finished.clear();
		}
		releaseWaiters();
	}

	/**
	 * Returns the number of tasks that nobody has taken out.
	 * @return a snapshot
	 */
	public synchronized int size() {
		return this.running.size() + this.finished.size();
	}

	/**
	 * Aborts every task.
	 */
	@Override
	public void close() {
		abortAll();
	}

	@Override
	public String toString() {
		return "A set of %d tasks".formatted(size());
	}

}
