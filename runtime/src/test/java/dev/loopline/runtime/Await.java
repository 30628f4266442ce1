package dev.loopline.runtime;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

import dev.loopline.runtime.time.Ticker;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Waits for what must happen, so long that only a hang can make it give up.
 */
public final class Await {

	private static final long SECONDS = 20;

	private static final long LOOK_NANOS = 100_000;

	private Await() {
	}

	public static void until(Condition condition) {
		until("the condition", condition);
	}

	/**
	 * Waits for a condition.
	 * @param what said if it does not hold in time
	 */
	public static void until(String what, Condition condition) {
		long deadline = Ticker.system().nanos() + TimeUnit.SECONDS.toNanos(SECONDS);
		try {
			while (!condition.holds()) {
				if (Ticker.system().nanos() - deadline >= 0) {
					throw new AssertionError("Not within %d seconds: %s".formatted(SECONDS, what));
				}
				LockSupport.parkNanos(LOOK_NANOS);
			}
		}
		catch (Exception ex) {
			throw new AssertionError("Failed: " + what, ex);
		}
	}

	/**
	 * Waits until a number has grown to what is expected, and fails if it grows further.
	 */
	public static void count(String what, long expected, LongSupplier number) {
		until(what + " are " + expected, () -> number.getAsLong() >= expected);
		assertThat(number.getAsLong()).as(what).isEqualTo(expected);
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

	/**
	 * Something to wait for.
	 */
	@FunctionalInterface
	public interface Condition {

		boolean holds() throws Exception;

	}

}
