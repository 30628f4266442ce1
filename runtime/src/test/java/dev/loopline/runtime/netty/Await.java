package dev.loopline.runtime.netty;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

import static org.assertj.core.api.Assertions.assertThat;

/** Waits for a condition up to a deadline. */
final class Await {

	private static final Duration DEADLINE = Duration.ofSeconds(20);

	private static final Duration PAUSE = Duration.ofMillis(1);

	private Await() {
	}

	/**
	 * Waits until a number has grown to what is expected, and fails if it grows further.
	 */
	static void count(String what, long expected, LongSupplier number) throws Exception {
		until(what + " is " + expected, () -> number.getAsLong() >= expected);
		assertThat(number.getAsLong()).as(what).isEqualTo(expected);
	}

	static void until(String what, Callable<Boolean> condition) throws Exception {
		long deadline = System.nanoTime() + DEADLINE.toNanos();
		while (!condition.call()) {
			if (System.nanoTime() - deadline > 0) {
				throw new AssertionError("Not within " + DEADLINE + ": " + what);
			}
			LockSupport.parkNanos(PAUSE.toNanos());
		}
	}

}
