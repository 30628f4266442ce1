package dev.loopline.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StrandTimer}.
 */
class StrandTimerTests {

	private final StillRuntime still = new StillRuntime();

	private final Strand strand = this.still.newStrand();

	private final List<String> ran = new ArrayList<>();

	@Test
	void runsItsTaskOnTheStrandWhenItIsDue() {
		StrandTimer timer = this.strand.schedule(() -> {
			assertThat(this.strand.isCurrent()).isTrue();
			this.ran.add("task");
		}, 5, TimeUnit.MILLISECONDS);
		assertThat(timer.deadlineNanos()).isEqualTo(this.still.ticker.nanos() + 5_000_000);
		advance(4);
		assertThat(this.ran).isEmpty();
		advance(1);
		assertThat(this.ran).containsExactly("task");
		advance(1_000);
		assertThat(this.ran).hasSize(1);
	}

	@Test
	void cancelledTimerNeverRuns() {
		StrandTimer timer = schedule("task", 5);
		assertThat(timer.cancel()).isTrue();
		assertThat(timer.isArmed()).isFalse();
		advance(10);
		assertThat(this.ran).isEmpty();
	}

	@Test
	void timerOnTheWheelIsCancelledAndUnlinked() {
		StrandTimer timer = schedule("task", 5);
		this.still.fireTimers();
		assertThat(this.still.worker(0).timersArmed()).isEqualTo(1);
		assertThat(timer.cancel()).isTrue();
		this.still.fireTimers();
		assertThat(this.still.worker(0).timersArmed()).isZero();
		advance(10);
		assertThat(this.ran).isEmpty();
	}

	@Test
	void onlyTheFirstCancelCounts() {
		StrandTimer timer = schedule("task", 5);
		assertThat(timer.cancel()).isTrue();
		assertThat(timer.cancel()).isFalse();
	}

	@Test
	void firedTimerIsNotCancelled() {
		StrandTimer timer = schedule("task", 5);
		advance(5);
		assertThat(timer.cancel()).isFalse();
		assertThat(this.ran).containsExactly("task");
	}

	@Test
	void firesOnce() {
		StrandTimer timer = new StrandTimer(this.strand, () -> this.ran.add("task"), 0);
		assertThat(timer.isArmed()).isTrue();
		timer.fire();
		timer.fire();
		assertThat(timer.isArmed()).isFalse();
		this.still.drain();
		assertThat(this.ran).containsExactly("task");
	}

	@Test
	void negativeDelayCountsAsZero() {
		StrandTimer timer = schedule("task", -5);
		assertThat(timer.deadlineNanos()).isEqualTo(this.still.ticker.nanos());
		advance(1);
		assertThat(this.ran).containsExactly("task");
	}

	@Test
	void timersOfOneStrandFireInTheOrderOfTheirDeadlines() {
		schedule("c", 30);
		schedule("a", 10);
		schedule("b", 20);
		advance(100);
		assertThat(this.ran).containsExactly("a", "b", "c");
	}

	@Test
	void timerMayArmAnother() {
		this.strand.schedule(() -> schedule("second", 10), 10, TimeUnit.MILLISECONDS);
		advance(10);
		assertThat(this.ran).isEmpty();
		advance(10);
		assertThat(this.ran).containsExactly("second");
	}

	@Test
	void timersAreKeptByTheHomeOfTheStrand() {
		StillRuntime two = new StillRuntime(2);
		Strand strand = two.runtime.newStrand(StrandOptions.DEFAULTS.homeWorker(1));
		strand.schedule(() -> this.ran.add("task"), 1, TimeUnit.MILLISECONDS);
		two.fireTimers();
		assertThat(strand.home().index).isEqualTo(1);
		assertThat(two.worker(0).timersArmed()).isZero();
		assertThat(two.worker(1).timersArmed()).isEqualTo(1);
	}

	@Test
	void abandonedTimerCancelsAFuture() {
		FutureTask<String> future = new FutureTask<>(() -> "done");
		StrandTimer timer = new StrandTimer(this.strand, future, 0);
		timer.abandon();
		assertThat(future.isCancelled()).isTrue();
		timer.fire();
		this.still.drain();
		assertThat(timer.cancel()).isFalse();
	}

	@Test
	void abandonedTimerThatHasFiredLeavesTheFutureAlone() {
		FutureTask<String> future = new FutureTask<>(() -> "done");
		StrandTimer timer = new StrandTimer(this.strand, future, 0);
		timer.fire();
		timer.abandon();
		this.still.drain();
		assertThat(future).isDone().isNotCancelled();
	}

	@Test
	void timerThatFiresIntoAClosedStrandCancelsItsFuture() {
		FutureTask<String> future = new FutureTask<>(() -> "done");
		StrandTimer timer = new StrandTimer(this.strand, future, 0);
		this.strand.close();
		timer.fire();
		assertThat(future.isCancelled()).isTrue();
	}

	private StrandTimer schedule(String name, long millis) {
		return this.strand.schedule(() -> this.ran.add(name), millis, TimeUnit.MILLISECONDS);
	}

	private void advance(long millis) {
		this.still.fireTimers();
		this.still.ticker.advance(Duration.ofMillis(millis));
		this.still.fireTimers();
		this.still.drain();
	}

}
