package dev.loopline.runtime;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import dev.loopline.runtime.time.Ticker;

/**
 * Waits for what must happen, so long that only a hang can make it give up.
 */
public final class Await {

	private static final long SECONDS = 20;

	private static final long LOOK_NANOS = 100_000;

	private Await() {
	}

	public static void until(BooleanSupplier condition) {
		long deadline = Ticker.system().nanos() + TimeUnit.SECONDS.toNanos(SECONDS);
		while (!condition.getAsBoolean()) {
			if (Ticker.system().nanos() - deadline >= 0) {
				throw new AssertionError("The condition was not met within %d seconds".formatted(SECONDS));
			}
			LockSupport.parkNanos(LOOK_NANOS);
		}
	}

	public static void open(CountDownLatch latch) {
		try {
			if (!latch.await(SECONDS, TimeUnit.SECONDS)) {
				throw new AssertionError(
						"The latch was not opened within %d seconds: %d left".formatted(SECONDS, latch.getCount()));
			}
		}
		catch (InterruptedException ex) {
			throw new AssertionError("Interrupted", ex);
		}
	}

	public static <T> T result(CompletionStage<T> stage) {
		try {
			return stage.toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
		}
		catch (TimeoutException ex) {
			throw new AssertionError("Nothing was completed within %d seconds".formatted(SECONDS), ex);
		}
		catch (InterruptedException | ExecutionException ex) {
			throw new AssertionError("Failed", ex);
		}
	}

	public static void end(Thread thread) {
		until(() -> !thread.isAlive());
	}

}
