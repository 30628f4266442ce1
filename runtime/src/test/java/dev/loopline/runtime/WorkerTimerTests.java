package dev.loopline.runtime;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import dev.loopline.runtime.io.IoDriver;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the timers of a {@link Worker} that sleeps: they wake it only if they must.
 */
class WorkerTimerTests {

	private final FakeTicker ticker = new FakeTicker();

	private final SleepingDriver driver = new SleepingDriver();

	private final Worker worker = new Worker(0, (token) -> this.driver, this.ticker);

	@Test
	void firstTimerWakesTheSleeper() {
		sleep(() -> arm(Duration.ofSeconds(1)));
		assertThat(this.driver.wakeups).isOne();
		assertThat(this.worker.timersArmed()).isOne();
	}

	@Test
	void laterTimerIsFoundWhenTheSleeperWakesUp() {
		arm(Duration.ofSeconds(1));
		sleep(() -> arm(Duration.ofSeconds(2)));
		assertThat(this.driver.wakeups).isZero();
		assertThat(this.worker.timersArmed()).isEqualTo(2);
	}

	@Test
	void earlierTimerWakesTheSleeper() {
		arm(Duration.ofSeconds(2));
		sleep(() -> arm(Duration.ofSeconds(1)));
		assertThat(this.driver.wakeups).isOne();
	}

	@Test
	void sleeperIsWokenWhenThereAreTooManyLaterTimers() {
		arm(Duration.ofSeconds(1));
		sleep(() -> {
			for (int i = 0; i < 1_024; i++) {
				arm(Duration.ofSeconds(2));
			}
			assertThat(this.driver.wakeups).isZero();
			arm(Duration.ofSeconds(2));
			assertThat(this.driver.wakeups).isOne();
		});
	}

	@Test
	void sleepIsMeasuredByTheTimersThatAreLeft() {
		StrandTimer early = arm(Duration.ofSeconds(1));
		arm(Duration.ofSeconds(3));
		this.worker.pollNow();
		early.cancel();
		sleep(() -> arm(Duration.ofSeconds(2)));
		assertThat(this.driver.wakeups).isOne();
	}

	@Test
	void workerThatIsAwakeIsNotWoken() {
		arm(Duration.ofSeconds(1));
		assertThat(this.driver.wakeups).isZero();
		this.worker.pollNow();
		assertThat(this.worker.timersArmed()).isOne();
	}

	private void sleep(Runnable meanwhile) {
		this.driver.meanwhile = meanwhile;
		this.worker.pollBlocking();
		assertThat(this.driver.slept).isTrue();
	}

	private StrandTimer arm(Duration delay) {
		StrandTimer timer = new StrandTimer(this.worker, Runnable::run, () -> {
		}, this.ticker.nanos() + delay.toNanos());
		this.worker.arm(timer);
		return timer;
	}

	/**
	 * Sleeps for as long as something else takes.
	 */
	private static final class SleepingDriver implements IoDriver {

		private Runnable meanwhile;

		private boolean slept;

		private int wakeups;

		@Override
		public int poll(PollContext context) {
			this.slept = context.canBlock();
			if (this.slept) {
				this.meanwhile.run();
			}
			return 0;
		}

		@Override
		public void wakeup() {
			this.wakeups++;
		}

	}

}
