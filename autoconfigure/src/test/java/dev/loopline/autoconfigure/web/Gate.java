package dev.loopline.autoconfigure.web;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where handlers block until the test lets them go.
 */
final class Gate {

	private static final int SECONDS = 20;

	private final Semaphore entered = new Semaphore(0);

	private final CountDownLatch open = new CountDownLatch(1);

	<T> T pass(T value) {
		this.entered.release();
		await(this.open);
		return value;
	}

	void awaitEntered(int count) {
		try {
			assertThat(this.entered.tryAcquire(count, SECONDS, TimeUnit.SECONDS)).as("%d handlers blocked", count)
				.isTrue();
		}
		catch (InterruptedException ex) {
			throw new AssertionError("Interrupted", ex);
		}
	}

	void open() {
		this.open.countDown();
	}

	static void await(CountDownLatch latch) {
		try {
			if (!latch.await(SECONDS, TimeUnit.SECONDS)) {
				throw new AssertionError("The latch was not opened");
			}
		}
		catch (InterruptedException ex) {
			throw new AssertionError("Interrupted", ex);
		}
	}

}
