package dev.loopline.runtime;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.loopline.runtime.internal.support.Durations;
import dev.loopline.runtime.internal.support.Stages;

/**
 * Gives up waiting for a stage after a while.
 *
 * @param <T> the type of the result
 */
final class Timeout<T> extends CompletableFuture<T> implements Runnable {

	private final CompletionStage<T> stage;

	private final Duration time;

	private Timeout(CompletionStage<T> stage, Duration time) {
		this.stage = stage;
		this.time = time;
	}

	/**
	 * Waits for a stage. One that is complete costs no timer.
	 */
	static <T> CompletionStage<T> of(TaskRuntime runtime, CompletionStage<T> stage, Duration time) {
		Objects.requireNonNull(stage, "stage");
		long nanos = Durations.nanos(time, "time");
		if (Stages.isDone(stage)) {
			return stage;
		}
		Timeout<T> timeout = new Timeout<>(stage, time);
		StrandTimer timer = runtime.timers().schedule(timeout, nanos, TimeUnit.NANOSECONDS);
		try {
			stage.whenComplete((value, failure) -> {
				timer.cancel();
				if (failure != null) {
					timeout.completeExceptionally(failure);
				}
				else {
					timeout.complete(value);
				}
			});
		}
		catch (Throwable ex) {
			timer.cancel(); // a stage of others that takes no callback
			throw ex;
		}
		return timeout;
	}

	/**
	 * The time is up.
	 */
	@Override
	public void run() {
		if (completeExceptionally(
				new TimeoutException("Not complete within %s: %s".formatted(this.time, this.stage)))) {
			Stages.cancel(this.stage);
		}
	}

}
