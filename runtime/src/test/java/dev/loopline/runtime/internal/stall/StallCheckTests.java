package dev.loopline.runtime.internal.stall;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import dev.loopline.runtime.FakeProbe;
import dev.loopline.runtime.FakeTicker;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StallCheck}.
 */
class StallCheckTests {

	private static final long THRESHOLD = Duration.ofMillis(10).toNanos();

	private final FakeTicker ticker = new FakeTicker();

	private final FakeProbe probe = new FakeProbe();

	private final Thread thread = new Thread();

	private final StallCheck check = new StallCheck();

	private final long start = this.ticker.nanos();

	@Test
	void threadThatWaitsForTheThresholdIsStalled() {
		this.probe.sayWaiting(this.thread);
		lookAfter(2);
		assertThat(lookAfter(7)).isFalse();
		assertThat(lookAfter(1)).isTrue();
		assertThat(this.check.isBurning()).isFalse();
	}

	@Test
	void threadThatComputesForTheThresholdIsStalled() {
		lookAfter(2);
		this.probe.sayUsed(this.thread, Duration.ofMillis(7));
		assertThat(lookAfter(30)).isFalse();
		this.probe.sayUsed(this.thread, Duration.ofMillis(1));
		assertThat(lookAfter(30)).isTrue();
		assertThat(this.check.isBurning()).isTrue();
	}

	@Test
	void threadThatIsKeptFromTheProcessorIsNeverStalled() {
		lookAfter(2);
		for (int i = 0; i < 100; i++) {
			this.probe.sayDelayed(this.thread, Duration.ofMillis(9));
			assertThat(lookAfter(10)).isFalse();
		}
	}

	@Test
	void waitForTheProcessorBeforeAShortOtherOneDoesNotCount() {
		lookAfter(2);
		lookAfter(500);
		this.probe.sayDelayed(this.thread, Duration.ofMillis(500));
		this.probe.sayWaiting(this.thread);
		assertThat(lookAfter(9)).isFalse();
		assertThat(lookAfter(1)).isTrue();
		assertThat(this.check.isBurning()).isFalse();
	}

	@Test
	void waitIsNotForgottenWhenTheThreadGoesOn() {
		lookAfter(2);
		this.probe.sayWaiting(this.thread);
		assertThat(lookAfter(6)).isFalse();
		this.probe.sayRunnable(this.thread);
		assertThat(lookAfter(100)).isFalse();
		this.probe.sayUsed(this.thread, Duration.ofMillis(2));
		assertThat(lookAfter(10)).isTrue();
		assertThat(this.check.isBurning()).isFalse();
	}

	@Test
	void lookIsNotWorthItBeforeItCanTellAStall() {
		assertThat(mayBeStalled()).as("never looked").isTrue();
		lookAfter(2);
		this.ticker.advance(Duration.ofMillis(8).minusNanos(1));
		assertThat(mayBeStalled()).as("not yet 10 ms").isFalse();
		this.ticker.advance(Duration.ofNanos(1));
		assertThat(mayBeStalled()).isTrue();
		this.probe.sayWaiting(this.thread);
		assertThat(lookAfter(0)).isTrue();
		this.check.reset();
		assertThat(mayBeStalled()).isTrue();
	}

	private boolean mayBeStalled() {
		return this.check.mayBeStalled(THRESHOLD, this.ticker.nanos());
	}

	@Test
	void whatNobodySawIsNotEnough() {
		this.probe.sayWaiting(this.thread);
		lookAfter(500);
		assertThat(lookAfter(4)).isFalse();
		assertThat(lookAfter(1)).isTrue();
	}

	@Test
	void whatNobodySawIsNotEnoughIfTheThreadWasKeptFromTheProcessor() {
		lookAfter(1);
		this.check.reset();
		this.probe.sayDelayed(this.thread, Duration.ofMillis(7));
		this.probe.sayWaiting(this.thread);
		lookAfter(8);
		assertThat(lookAfter(7)).as("9 ms at most in the first look").isFalse();
		assertThat(lookAfter(1)).isTrue();
	}

	@Test
	void delayThatIsCountedLateIsTakenOffWhatNobodySaw() {
		lookAfter(9);
		lookAfter(100);
		this.probe.sayDelayed(this.thread, Duration.ofMillis(109));
		this.probe.sayUsed(this.thread, Duration.ofMillis(9));
		assertThat(lookAfter(9)).isFalse();
		this.probe.sayUsed(this.thread, Duration.ofMillis(1));
		assertThat(lookAfter(1)).isTrue();
	}

	@Test
	void anotherPollStartsAnew() {
		this.probe.sayWaiting(this.thread);
		lookAfter(2);
		lookAfter(20);
		this.check.reset();
		assertThat(this.check.isStalled(THRESHOLD)).isFalse();
		lookAfter(2);
		assertThat(this.check.isStalled(THRESHOLD)).isFalse();
	}

	private boolean lookAfter(long millis) {
		this.ticker.advance(Duration.ofMillis(millis));
		this.check.observe(this.thread, this.probe, this.start, this.ticker.nanos());
		return this.check.isStalled(THRESHOLD);
	}

}
