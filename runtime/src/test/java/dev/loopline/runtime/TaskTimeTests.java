package dev.loopline.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for sleep, timeout, interval and yield.
 */
class TaskTimeTests {

	private final StillRuntime still = new StillRuntime();

	private final TaskRuntime runtime = this.still.runtime;

	@Test
	void sleepEndsWhenItsTimeHasCome() {
		JoinHandle<Void> sleep = this.runtime.sleep(Duration.ofMillis(100));
		pass(Duration.ofMillis(99));
		assertThat(sleep.status()).isEqualTo(TaskStatus.SUSPENDED);
		pass(Duration.ofMillis(2));
		assertThat(sleep.isFinished()).isTrue();
		assertThat(sleep.status()).isEqualTo(TaskStatus.COMPLETE);
		assertThat(this.runtime.diagnostics().snapshot().tasks().live()).isZero();
	}

	@Test
	void abortedSleepLeavesTheWheel() {
		JoinHandle<Void> sleep = this.runtime.sleep(Duration.ofHours(1));
		pass(Duration.ofMillis(1));
		assertThat(this.still.worker(0).timersArmed()).isOne();
		sleep.abort();
		pass(Duration.ofMillis(1));
		pass(Duration.ofMillis(1));
		assertThat(sleep.isFinished()).isTrue();
		assertThat(this.still.worker(0).timersArmed()).isZero();
	}

	@Test
	void timeoutPassesAResultOnAndDisarmsItsTimer() {
		CompletableFuture<String> stage = new CompletableFuture<>();
		CompletionStage<String> timed = this.runtime.timeout(stage, Duration.ofSeconds(1));
		stage.complete("done");
		assertThat(timed.toCompletableFuture()).isCompletedWithValue("done");
		pass(Duration.ofMillis(1));
		assertThat(this.still.worker(0).timersArmed()).isZero();
	}

	@Test
	void timeoutPassesAFailureOn() {
		CompletableFuture<String> stage = new CompletableFuture<>();
		CompletionStage<String> timed = this.runtime.timeout(stage, Duration.ofSeconds(1));
		stage.completeExceptionally(new IllegalStateException("expected"));
		assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> timed.toCompletableFuture().join())
			.withCauseInstanceOf(IllegalStateException.class);
	}

	@Test
	void timeoutOfACompleteStageCostsNothing() {
		CompletableFuture<String> stage = CompletableFuture.completedFuture("done");
		assertThat(this.runtime.timeout(stage, Duration.ofSeconds(1))).isSameAs(stage);
	}

	@Test
	void timeoutAbortsTheTask() {
		CompletableFuture<String> never = new CompletableFuture<>();
		JoinHandle<String> task = this.runtime.spawnAsync(() -> never);
		CompletionStage<String> timed = this.runtime.timeout(task, Duration.ofMillis(10));
		this.still.drain();
		pass(Duration.ofMillis(11));
		assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> timed.toCompletableFuture().join())
			.withCauseInstanceOf(TimeoutException.class);
		assertThat(task.isFinished()).isTrue();
		assertThat(never).isCancelled();
	}

	@Test
	void intervalTicksAtOnceAndThenOnceInAPeriod() {
		Interval interval = this.runtime.timers().interval(Duration.ofMillis(10), MissedTicks.BURST);
		assertThat(ticksAfter(interval, 1)).isEqualTo(0);
		assertThat(ticksAfter(interval, 5)).isNull();
		pass(Duration.ofMillis(5));
		assertThat(this.lastTick).isEqualTo(1);
	}

	@Test
	void burstCatchesUp() {
		assertThat(delaysAfterMissing(MissedTicks.BURST)).containsExactly(0L, 0L, 0L, 0L, 5L);
	}

	@Test
	void delayStartsAnew() {
		assertThat(delaysAfterMissing(MissedTicks.DELAY)).containsExactly(0L, 10L, 10L, 10L, 10L);
	}

	@Test
	void skipStaysInStep() {
		assertThat(delaysAfterMissing(MissedTicks.SKIP)).containsExactly(0L, 5L, 10L, 10L, 10L);
	}

	@Test
	void resetStartsAPeriodNow() {
		Interval interval = this.runtime.timers().interval(Duration.ofMillis(10), MissedTicks.BURST);
		interval.reset();
		assertThat(ticksAfter(interval, 9)).isNull();
		pass(Duration.ofMillis(2));
		assertThat(this.lastTick).isEqualTo(0);
	}

	@Test
	void onlyOneWaitsForATick() {
		Interval interval = this.runtime.timers().interval(Duration.ofMillis(10), MissedTicks.BURST);
		interval.tick();
		assertThatIllegalStateException().isThrownBy(interval::tick);
	}

	@Test
	void periodIsPositive() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.runtime.timers().interval(Duration.ZERO, MissedTicks.BURST));
	}

	@Test
	void yieldRunsBehindOthers() {
		List<String> order = new ArrayList<>();
		this.runtime.yieldNow().thenRun(() -> order.add("yielded"));
		this.runtime.spawn(() -> order.add("other"));
		this.still.drain();
		assertThat(order).containsExactly("yielded", "other");
	}

	private Long lastTick;

	private Long ticksAfter(Interval interval, long millis) {
		this.lastTick = null;
		interval.tick().thenAccept((tick) -> this.lastTick = tick);
		pass(Duration.ofMillis(millis));
		return this.lastTick;
	}

	/**
	 * Misses 25 ms of a period of 10 ms, then asks for ticks and how long each takes.
	 */
	private List<Long> delaysAfterMissing(MissedTicks missedTicks) {
		Interval interval = this.runtime.timers().interval(Duration.ofMillis(10), missedTicks);
		pass(Duration.ofMillis(35));
		List<Long> delays = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			this.lastTick = null;
			interval.tick().thenAccept((tick) -> this.lastTick = tick);
			long millis = -1;
			do {
				millis++;
				pass(Duration.ofMillis((millis == 0) ? 0 : 1));
			}
			while (this.lastTick == null);
			delays.add(millis);
		}
		return delays;
	}

	private void pass(Duration time) {
		this.still.ticker.advance(time);
		for (int i = 0; i < 3; i++) {
			this.still.fireTimers();
			this.still.drain();
		}
	}

}
