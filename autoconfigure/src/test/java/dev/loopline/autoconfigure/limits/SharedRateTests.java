package dev.loopline.autoconfigure.limits;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import reactor.core.Disposable;

import dev.loopline.layers.RateLimiter;
import dev.loopline.layers.RateLimiter.Decision;
import dev.loopline.layers.Timers;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SharedRate}, whose store is the test.
 */
@ExtendWith(OutputCaptureExtension.class)
class SharedRateTests {

	private static final Decision GRANTED = new Decision(true, 7, Duration.ZERO);

	private static final Decision REFUSED = new Decision(false, 0, Duration.ofSeconds(1));

	private static final Duration TIMEOUT = Duration.ofMillis(100);

	private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 10); // overflows

	private final List<CompletableFuture<Decision>> asked = new ArrayList<>();

	private final StepTimers timers = new StepTimers();

	/** 3 permits for an hour. */
	private final SharedRate rate = new SharedRate((key) -> {
		CompletableFuture<Decision> answer = new CompletableFuture<>();
		this.asked.add(answer);
		return answer;
	}, new RateLimiter(3, Duration.ofHours(1), 3, 10, this.clock::get), new SharedAccess(this.clock::get, TIMEOUT),
			TIMEOUT);

	@Test
	void storeDecides(CapturedOutput output) {
		List<Decision> decisions = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			take(decisions);
			this.asked.get(i).complete(GRANTED);
		}
		take(decisions);
		this.asked.get(5).complete(REFUSED);
		this.timers.runAll();
		assertThat(decisions).containsExactly(GRANTED, GRANTED, GRANTED, GRANTED, GRANTED, REFUSED);
		assertCounts(6, 0);
		assertThat(this.timers.scheduled).isEmpty();
		assertThat(output).doesNotContain("Redis");
	}

	@Test
	void requestGoesOnWhereItsTimersAre() {
		List<Decision> decisions = new ArrayList<>();
		take(decisions);
		this.asked.get(0).complete(GRANTED);
		assertThat(decisions).isEmpty();
		this.timers.runAll();
		assertThat(decisions).containsExactly(GRANTED);
	}

	@Test
	void requestGoesOnWhenItsTimersHaveEnded() {
		List<Decision> decisions = new ArrayList<>();
		take(decisions);
		this.timers.ended = true;
		this.asked.get(0).complete(GRANTED);
		assertThat(decisions).containsExactly(GRANTED);
	}

	@Test
	void instanceDecidesForStoreThatIsSlow(CapturedOutput output) {
		List<Decision> decisions = new ArrayList<>();
		take(decisions);
		take(decisions);
		assertThat(this.timers.delays).containsExactly(TIMEOUT, TIMEOUT);
		this.timers.fire();
		this.timers.runAll();
		assertThat(decisions).extracting(Decision::granted).containsExactly(true, true);
		assertCounts(0, 2);
		assertThat(output).containsOnlyOnce("Redis does not answer").contains("Nothing within PT0.1S");
		this.asked.get(0).complete(GRANTED); // late
		this.timers.runAll();
		take(decisions);
		assertThat(this.asked).hasSize(2);
		assertCounts(0, 3);
	}

	@Test
	void nobodyWaitsForStoreThatIsLost() {
		lose();
		List<Decision> decisions = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			take(decisions);
		}
		assertThat(decisions).extracting(Decision::granted).containsExactly(true, true, false, false);
		assertThat(this.asked).hasSize(1);
		this.clock.addAndGet(SharedAccess.PAUSE.toNanos());
		take(decisions);
		take(decisions);
		assertThat(decisions).hasSize(6);
		assertThat(this.asked).as("one of them asks").hasSize(2);
	}

	@Test
	void storeDecidesAgainOnceItHasAnswered(CapturedOutput output) {
		lose();
		List<Decision> decisions = new ArrayList<>();
		for (int i = 1; i < 4; i++) {
			this.clock.addAndGet(SharedAccess.PAUSE.toNanos());
			take(decisions);
			assertThat(this.asked).hasSize(i + 1);
			this.asked.get(i).completeExceptionally(new IllegalStateException("still down"));
			take(decisions);
			assertThat(this.asked).as("a pause after each attempt").hasSize(i + 1);
		}
		this.clock.addAndGet(SharedAccess.PAUSE.toNanos());
		take(decisions);
		this.asked.get(4).complete(GRANTED);
		decisions.clear();
		take(decisions);
		this.asked.get(5).complete(GRANTED);
		this.timers.runAll();
		assertThat(decisions).containsExactly(GRANTED);
		assertThat(output).containsOnlyOnce("Redis does not answer").containsOnlyOnce("Redis answers again");
	}

	@Test
	void requestThatAskedBeforeTheStoreAnsweredAgainSaysNothingOfIt() {
		List<Decision> decisions = new ArrayList<>();
		take(decisions);
		lose();
		this.clock.addAndGet(SharedAccess.PAUSE.toNanos());
		take(decisions);
		this.asked.get(2).complete(GRANTED);
		this.asked.get(0).completeExceptionally(new IllegalStateException("down"));
		this.timers.runAll();
		take(decisions);
		assertThat(this.asked).as("the store decides").hasSize(4);
	}

	@Test
	void attemptThatFailsAfterALaterOneWasAnsweredSaysNothing() {
		lose();
		for (int i = 0; i < 2; i++) {
			this.clock.addAndGet(SharedAccess.PAUSE.toNanos());
			take(new ArrayList<>());
		}
		this.asked.get(2).complete(GRANTED);
		this.asked.get(1).completeExceptionally(new IllegalStateException("still down"));
		take(new ArrayList<>());
		assertThat(this.asked).as("the store decides").hasSize(4);
	}

	@Test
	void storeThatAnswersTooLateStaysLost() {
		lose();
		this.clock.addAndGet(SharedAccess.PAUSE.toNanos());
		take(new ArrayList<>());
		this.clock.addAndGet(TIMEOUT.toNanos() + 1);
		this.asked.get(1).complete(GRANTED);
		take(new ArrayList<>());
		assertThat(this.asked).as("nobody waits").hasSize(2);
		this.clock.addAndGet(SharedAccess.PAUSE.toNanos());
		take(new ArrayList<>());
		this.clock.addAndGet(TIMEOUT.toNanos());
		this.asked.get(2).complete(GRANTED);
		take(new ArrayList<>());
		assertThat(this.asked).hasSize(4);
	}

	@Test
	void storeThatComesAndGoesIsWarnedOfOnceAMinute(CapturedOutput output) {
		for (int i = 0; i < 4; i++) {
			lose();
			this.clock.addAndGet(SharedAccess.PAUSE.toNanos());
			take(new ArrayList<>());
			this.asked.get(this.asked.size() - 1).complete(GRANTED);
		}
		assertThat(this.asked).hasSize(8);
		assertThat(output).containsOnlyOnce("Redis does not answer").containsOnlyOnce("Redis answers again");
		this.clock.addAndGet(SharedAccess.QUIET.toNanos());
		lose();
		assertThat(output.toString().split("Redis does not answer", -1)).hasSize(3);
	}

	@Test
	void storeThatStaysAwayIsWarnedOfEvenSo(CapturedOutput output) {
		lose();
		for (boolean answers : new boolean[] { true, false, false }) {
			this.clock.addAndGet(SharedAccess.PAUSE.toNanos());
			take(new ArrayList<>());
			CompletableFuture<Decision> probe = this.asked.get(this.asked.size() - 1);
			if (answers) {
				probe.complete(GRANTED);
				lose();
				assertThat(output).containsOnlyOnce("Redis does not answer");
			}
			else {
				probe.completeExceptionally(new IllegalStateException("still down"));
				assertThat(output.toString().split("Redis does not answer", -1)).hasSize(3);
			}
		}
	}

	@Test
	void instanceHasNoMoreToGiveThanItHasNotTaken() {
		List<Decision> decisions = new ArrayList<>();
		take(decisions);
		take(decisions);
		take(decisions);
		this.asked.get(0).complete(GRANTED);
		this.asked.get(1).complete(REFUSED);
		this.asked.get(2).complete(GRANTED);
		this.timers.runAll();
		lose();
		decisions.clear();
		take(decisions);
		assertThat(decisions).extracting(Decision::granted).containsExactly(false);
	}

	@Test
	void whoLeavesIsNotWaitedFor() {
		Disposable request = this.rate.take("key", this.timers).subscribe();
		assertThat(this.timers.scheduled).hasSize(1);
		request.dispose();
		assertThat(this.timers.scheduled).isEmpty();
	}

	private void take(List<Decision> decisions) {
		this.rate.take("key", this.timers).subscribe(decisions::add);
	}

	/** By a request that the instance decides on. */
	private void lose() {
		take(new ArrayList<>());
		this.asked.get(this.asked.size() - 1).completeExceptionally(new IllegalStateException("down"));
		this.timers.runAll();
	}

	private void assertCounts(int shared, int local) {
		assertThat(this.rate.shared().sum()).isEqualTo(shared);
		assertThat(this.rate.local().sum()).isEqualTo(local);
	}

	/**
	 * Runs what the test tells it to.
	 */
	private static final class StepTimers implements Timers {

		final List<Runnable> scheduled = new ArrayList<>();

		final List<Duration> delays = new ArrayList<>();

		private final List<Runnable> tasks = new ArrayList<>();

		boolean ended;

		@Override
		public void execute(Runnable task) {
			if (this.ended) {
				throw new RejectedExecutionException();
			}
			this.tasks.add(task);
		}

		@Override
		public Disposable schedule(Runnable task, Duration delay) {
			this.scheduled.add(task);
			this.delays.add(delay);
			return () -> this.scheduled.remove(task);
		}

		void fire() {
			List.copyOf(this.scheduled).forEach(Runnable::run);
		}

		void runAll() {
			while (!this.tasks.isEmpty()) {
				this.tasks.remove(0).run();
			}
		}

	}

}
