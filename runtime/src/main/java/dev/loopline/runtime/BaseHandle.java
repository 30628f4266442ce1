package dev.loopline.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.internal.support.Durations;

/**
 * What all {@link JoinHandle}s have in common: a name, and an outcome that only what they
 * stand for decides on.
 *
 * @param <T> the type of the result
 */
abstract sealed class BaseHandle<T> extends OwnedFuture<T> implements JoinHandle<T> permits TaskHandle, BlockingJob {

	private static final VarHandle ID;

	static {
		try {
			ID = MethodHandles.lookup().findVarHandle(BaseHandle.class, "id", long.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private final @Nullable String name;

	/** Zero until somebody asks: a counter that all spawns share would cost more. */
	@SuppressWarnings("unused")
	private volatile long id;

	BaseHandle(@Nullable String name) {
		this.name = name;
	}

	abstract Tasks tasks();

	@Override
	public final T join() {
		checkWait();
		return super.join();
	}

	@Override
	public final T join(Duration timeout) throws TimeoutException, InterruptedException {
		long nanos = Durations.nanos(timeout, "timeout");
		if (nanos > 0) {
			checkWait();
		}
		try {
			return get(nanos, TimeUnit.NANOSECONDS);
		}
		catch (ExecutionException ex) {
			return join();
		}
	}

	private void checkWait() {
		if (!isDone()) {
			JoinGuard.check(this);
		}
	}

	@Override
	public final boolean isFinished() {
		return isDone();
	}

	@Override
	public final long id() {
		long id = this.id;
		if (id == 0) {
			long next = tasks().nextId();
			id = (long) ID.compareAndExchange(this, 0L, next);
			id = (id == 0) ? next : id;
		}
		return id;
	}

	@Override
	public final String name() {
		return (this.name != null) ? this.name : "task-" + id();
	}

	@Override
	public final boolean isNamed() {
		return this.name != null;
	}

	@Override
	public String toString() {
		return (this.name != null) ? "Task %d '%s'".formatted(id(), this.name) : "Task " + id();
	}

}
