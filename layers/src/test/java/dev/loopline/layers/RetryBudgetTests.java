package dev.loopline.layers;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link RetryBudget} and its {@link SlidingSum}.
 */
class RetryBudgetTests {

	private static final Duration WINDOW = Duration.ofSeconds(10);

	private final FakeClock clock = new FakeClock();

	@Test
	void fifthOfTheRequestsMayBeSentAgain() {
		RetryBudget budget = new RetryBudget(0.2, 0, WINDOW, this.clock);
		assertThat(budget.withdraw()).isFalse();
		deposit(budget, 50);
		assertThat(withdrawals(budget)).isEqualTo(10);
	}

	@Test
	void fewInASecondMayWhateverThereWere() {
		RetryBudget budget = new RetryBudget(0.2, 10, WINDOW, this.clock);
		assertThat(withdrawals(budget)).isEqualTo(100);
		deposit(budget, 5);
		assertThat(withdrawals(budget)).isEqualTo(1);
		this.clock.advance(WINDOW.plusSeconds(1));
		assertThat(withdrawals(budget)).isEqualTo(100);
	}

	@Test
	void requestsAndRetriesAreForgottenAfterAWindow() {
		RetryBudget budget = new RetryBudget(1, 0, WINDOW, this.clock);
		deposit(budget, 10);
		this.clock.advance(Duration.ofSeconds(5));
		deposit(budget, 10);
		assertThat(budget.remaining()).isEqualTo(20);
		this.clock.advance(Duration.ofSeconds(5));
		assertThat(budget.remaining()).isEqualTo(10);
		this.clock.advance(Duration.ofSeconds(5));
		assertThat(budget.remaining()).isZero();
	}

	@Test
	void longPauseForgetsEverything() {
		RetryBudget budget = new RetryBudget(1, 0, WINDOW, this.clock);
		for (int i = 0; i < 30; i++) {
			deposit(budget, 1);
			this.clock.advance(Duration.ofMillis(700));
		}
		this.clock.advance(Duration.ofDays(400));
		assertThat(budget.remaining()).isZero();
		deposit(budget, 3);
		assertThat(withdrawals(budget)).isEqualTo(3);
	}

	@Test
	void noShareIsNoRetryAndManyAreMany() {
		RetryBudget none = new RetryBudget(0, 0, WINDOW, this.clock);
		deposit(none, 1_000);
		assertThat(none.withdraw()).isFalse();
		RetryBudget many = new RetryBudget(2.5, 0, WINDOW, this.clock);
		deposit(many, 2);
		assertThat(withdrawals(many)).isEqualTo(5);
	}

	@Test
	void manyThreadsGetNoMoreThanThereIs() {
		RetryBudget budget = new RetryBudget(0.5, 0, WINDOW, this.clock);
		deposit(budget, 2_000);
		AtomicInteger got = new AtomicInteger();
		IntStream.range(0, 8).parallel().forEach((thread) -> got.addAndGet(withdrawals(budget)));
		assertThat(got).hasValue(1_000);
	}

	@Test
	void valuesThatMakeNoSenseAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new RetryBudget(-0.1, 1, WINDOW, this.clock));
		assertThatIllegalArgumentException().isThrownBy(() -> new RetryBudget(Double.NaN, 1, WINDOW, this.clock));
		assertThatIllegalArgumentException().isThrownBy(() -> new RetryBudget(0.1, -1, WINDOW, this.clock));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new RetryBudget(0.1, 1, Duration.ofMillis(999), this.clock));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new RetryBudget(0.1, 1, Duration.ofSeconds(61), this.clock));
	}

	private static void deposit(RetryBudget budget, int requests) {
		for (int i = 0; i < requests; i++) {
			budget.deposit();
		}
	}

	private static int withdrawals(RetryBudget budget) {
		int count = 0;
		while (budget.withdraw()) {
			count++;
		}
		return count;
	}

}
