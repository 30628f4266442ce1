package dev.loopline.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

/**
 * The {@link JoinHandle} of a {@link Task}. Only the task can complete it.
 *
 * @param <T> the type of the result
 */
final class TaskHandle<T> extends OwnedFuture<T> implements JoinHandle<T> {

	private static final VarHandle ID;

	static {
		try {
			ID = MethodHandles.lookup().findVarHandle(TaskHandle.class, "id", long.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private final Task<T> task;

	private final @Nullable String name;

	/** Zero until somebody asks: a counter that all spawns share would cost more. */
	@SuppressWarnings("unused")
	private volatile long id;

	TaskHandle(Task<T> task, @Nullable String name) {
		this.task = task;
		this.name = name;
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
	public T join(Duration timeout) throws TimeoutException, InterruptedException {
		long nanos = Durations.nanos(timeout, "timeout");
		try {
			return get(nanos, TimeUnit.NANOSECONDS);
		}
		catch (ExecutionException ex) {
			return join();
		}
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
	public boolean isFinished() {
		return isDone();
	}

	@Override
	public TaskStatus status() {
		return this.task.status();
	}

	@Override
	public long id() {
		long id = this.id;
		if (id == 0) {
			long next = this.task.tasks.nextId();
			id = (long) ID.compareAndExchange(this, 0L, next);
			id = (id == 0) ? next : id;
		}
		return id;
	}

	@Override
	public String name() {
		return (this.name != null) ? this.name : "task-" + id();
	}

	@Override
	public boolean isNamed() {
		return this.name != null;
	}

	@Override
	public String toString() {
		return (this.name != null) ? "Task %d '%s'".formatted(id(), this.name) : "Task " + id();
	}

}
