package dev.loopline.runtime;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.internal.support.Stages;
import dev.loopline.runtime.time.Ticker;

/**
 * A task that starts something and waits for it without a thread.
 *
 * @param <T> the type of the result
 */
final class StageTask<T> extends Task<T> {

	/** What starts it, and then what was started. Only for the holder of LOCKED. */
	private @Nullable Object body;

	/** The outcome: a {@link Failure} or a value. Written before the wake-up. */
	private @Nullable Object outcome;

	/** Whether the outcome is there. Written after it. */
	private volatile boolean done;

	StageTask(Tasks tasks, @Nullable String name, Supplier<? extends CompletionStage<? extends T>> body) {
		super(tasks, name);
		this.body = body;
	}

	@Override
	@Nullable Object step(int budget, long deadline, Ticker ticker) throws Throwable {
		if (this.body instanceof Supplier<?> supplier) {
			CompletionStage<?> stage = (CompletionStage<?>) supplier.get();
			this.body = stage;
			stage.whenComplete(this::completed);
		}
		if (!this.done) {
			return SUSPENDED;
		}
		if (this.outcome instanceof Failure failure) {
			throw failure.cause();
		}
		return this.outcome;
	}

	private void completed(@Nullable Object value, @Nullable Throwable failure) {
		this.outcome = (failure != null) ? new Failure(failure) : value;
		this.done = true;
		wakeUp();
	}

	@Override
	void release(boolean cancelled) {
		Object body = this.body;
		this.body = null;
		this.outcome = null;
		if (cancelled && body instanceof CompletionStage<?> stage) {
			Stages.cancel(stage);
		}
	}

	/**
	 * Why the stage failed.
	 */
	private record Failure(Throwable thrown) {

		Throwable cause() {
			Throwable cause = this.thrown.getCause();
			return (this.thrown instanceof CompletionException && cause != null) ? cause : this.thrown;
		}

	}

}
