package dev.loopline.runtime;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import dev.loopline.runtime.io.DriverToken;
import dev.loopline.runtime.io.IoDriver;
import dev.loopline.runtime.time.Ticker;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ParkingDriver}.
 */
class ParkingDriverTests {

	private final DriverToken token = new DriverToken();

	private final ParkingDriver driver = new ParkingDriver(this.token);

	@Test
	void returnsAtOnceWhenItMustNotBlock() {
		assertThat(this.driver.poll(context(new AtomicBoolean(false), Long.MAX_VALUE))).isZero();
		assertThat(this.driver.hasWork()).isFalse();
	}

	@Test
	void returnsAtOnceWhenTheDeadlineHasPassed() {
		AtomicBoolean canBlock = new AtomicBoolean(true);
		assertThat(this.driver.poll(context(canBlock, Ticker.system().nanos() - 1))).isZero();
	}

	@Test
	void wakeupEndsABlockingPoll() {
		AtomicBoolean canBlock = new AtomicBoolean(true);
		AtomicInteger polls = new AtomicInteger();
		Thread sleeper = new Thread(() -> {
			this.token.tryAcquire();
			while (canBlock.get()) {
				this.driver.poll(context(canBlock, Long.MAX_VALUE));
				polls.incrementAndGet();
			}
		});
		sleeper.setDaemon(true);
		sleeper.start();
		Await.until(() -> sleeper.getState() == Thread.State.WAITING);
		canBlock.set(false);
		this.driver.wakeup();
		Await.end(sleeper);
		assertThat(polls).hasPositiveValue();
	}

	private static IoDriver.PollContext context(AtomicBoolean canBlock, long deadlineNanos) {
		return new IoDriver.PollContext() {

			@Override
			public boolean canBlock() {
				return canBlock.get();
			}

			@Override
			public long deadlineNanos() {
				return deadlineNanos;
			}

		};
	}

}
