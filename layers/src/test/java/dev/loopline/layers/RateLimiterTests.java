package dev.loopline.layers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link RateLimiter} and {@link RateLimitLayer}.
 */
class RateLimiterTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	/** Near the end of the range, which a clock may be. */
	private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 10);

	@Test
	void grantsABurstAndThenTheRate() {
		RateLimiter limiter = limiter(10, SECOND, 3);
		assertThat(granted(limiter, 4)).isEqualTo(3);
		advance(Duration.ofMillis(100).minusNanos(1));
		assertThat(granted(limiter, 1)).isZero();
		advance(Duration.ofNanos(1));
		assertThat(granted(limiter, 2)).isEqualTo(1);
		advance(SECOND.multipliedBy(1000));
		assertThat(granted(limiter, 5)).isEqualTo(3);
	}

	@Test
	void saysWhatIsLeftAndWhenThereWillBeMore() {
		RateLimiter limiter = limiter(10, SECOND, 2);
		assertThat(limiter.take("a")).isEqualTo(new RateLimiter.Decision(true, 1, Duration.ZERO));
		assertThat(limiter.take("a")).isEqualTo(new RateLimiter.Decision(true, 0, Duration.ofMillis(100)));
		advance(Duration.ofMillis(40));
		RateLimiter.Decision refused = limiter.take("a");
		assertThat(refused).isEqualTo(new RateLimiter.Decision(false, 0, Duration.ofMillis(60)));
		advance(refused.retryAfter());
		assertThat(limiter.take("a").granted()).isTrue();
	}

	@Test
	void doesNotDriftHoweverOftenItIsAsked() {
		RateLimiter limiter = limiter(7, SECOND, 1);
		int granted = granted(limiter, 1);
		Duration step = Duration.ofNanos(999_983); // a prime: it divides nothing
		long steps = 0;
		while (step.multipliedBy(steps).compareTo(SECOND.multipliedBy(100)) < 0) {
			advance(step);
			steps++;
			granted += granted(limiter, 1);
		}
		// Each is granted at the first step after it is due, which costs less than a step
		assertThat(granted).isBetween(695, 701);
		limiter = limiter(7, SECOND, 1_000);
		assertThat(granted(limiter, 1_001)).isEqualTo(1_000);
		for (long i = 0; i < steps; i++) {
			advance(step);
			limiter.take("probe-" + i % 3); // others do not matter
		}
		assertThat(granted(limiter, 1_001)).isEqualTo((int) (steps * 999_983 * 7 / 1_000_000_000));
	}

	@Test
	void eachKeyHasItsOwn() {
		RateLimiter limiter = limiter(1, SECOND, 1);
		assertThat(limiter.take("a").granted()).isTrue();
		assertThat(limiter.take("b").granted()).isTrue();
		assertThat(limiter.take("a").granted()).isFalse();
	}

	@Test
	void fullBucketsAreForgotten() {
		RateLimiter limiter = limiter(1, SECOND, 2);
		for (int i = 0; i < 5; i++) {
			limiter.take(i);
		}
		advance(SECOND.multipliedBy(2));
		limiter.take("late");
		limiter.take("later");
		assertThat(limiter.keys()).isEqualTo(3);
		limiter.take("last");
		assertThat(limiter.keys()).isEqualTo(3);
	}

	@Test
	void bucketThatIsNotFullIsNotForgotten() {
		RateLimiter limiter = new RateLimiter(1, SECOND, 1, 2, this.nanos::get);
		limiter.take("a");
		limiter.take("b");
		for (int i = 0; i < 100; i++) {
			limiter.take("made up " + i);
		}
		assertThat(limiter.keys()).isEqualTo(2);
		assertThat(limiter.take("a").granted()).isFalse();
		assertThat(limiter.take("b").granted()).isFalse();
	}

	@Test
	void keysWithoutABucketShareOne() {
		RateLimiter limiter = new RateLimiter(1, SECOND, 1, 1, this.nanos::get);
		limiter.take("a");
		assertThat(limiter.take("b").granted()).isTrue();
		assertThat(limiter.take("c").granted()).isFalse();
	}

	@Test
	void clockThatWasReadEarlierDoesNoHarm() {
		RateLimiter limiter = limiter(1, SECOND, 1);
		limiter.take("a");
		advance(SECOND.negated());
		assertThat(limiter.take("a").granted()).isFalse();
		advance(SECOND.multipliedBy(2));
		assertThat(limiter.take("a").granted()).isTrue();
	}

	@Test
	void refusesNonsense() {
		assertThatIllegalArgumentException().isThrownBy(() -> limiter(0, SECOND, 1));
		assertThatIllegalArgumentException().isThrownBy(() -> limiter(1, SECOND, 0));
		assertThatIllegalArgumentException().isThrownBy(() -> limiter(1, Duration.ZERO, 1));
		assertThatIllegalArgumentException().isThrownBy(() -> limiter(1, Duration.ofDays(365), 1_000_000))
			.withMessageContaining("too slow");
	}

	@Test
	void layerLetsPassWhatIsGranted() {
		List<Boolean> decisions = new ArrayList<>();
		Service<String, String> service = new RateLimitLayer<String, String>(limiter(1, SECOND, 1),
				(request) -> request)
			.onDecision((request, decision) -> decisions.add(decision.granted()))
			.around(Mono::just);
		Mono<String> answer = service.call("a");
		assertThat(decisions).as("nothing happens before the subscription").isEmpty();
		StepVerifier.create(answer).expectNext("a").verifyComplete();
		StepVerifier.create(answer)
			.verifyErrorSatisfies((ex) -> assertThat(ex).isInstanceOfSatisfying(RateLimitedException.class,
					(limited) -> assertThat(limited.retryAfter()).isEqualTo(SECOND)));
		StepVerifier.create(service.call("b")).expectNext("b").verifyComplete();
		assertThat(decisions).containsExactly(true, false, true);
	}

	private RateLimiter limiter(int permits, Duration period, int burst) {
		return new RateLimiter(permits, period, burst, 1_000, this.nanos::get);
	}

	private static int granted(RateLimiter limiter, int times) {
		int granted = 0;
		for (int i = 0; i < times; i++) {
			granted += limiter.take("a").granted() ? 1 : 0;
		}
		return granted;
	}

	private void advance(Duration time) {
		this.nanos.addAndGet(time.toNanos());
	}

}
