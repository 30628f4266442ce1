package dev.loopline.layers;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.reactor.circuitbreaker.operator.CircuitBreakerOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A circuit breaker of resilience4j is a layer like others.
 */
class CircuitBreakerTests {

	private static final int CALLS = 4;

	private static final Duration SECOND = Duration.ofSeconds(1);

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final CircuitBreaker breaker = CircuitBreaker.of("test",
			CircuitBreakerConfig.custom()
				.slidingWindowSize(CALLS)
				.minimumNumberOfCalls(CALLS)
				.permittedNumberOfCallsInHalfOpenState(1)
				.build());

	private final AtomicInteger calls = new AtomicInteger();

	@AfterEach
	void stopTime() {
		this.time.dispose();
	}

	@Test
	void timeoutsInsideOpenTheCircuit() {
		Service<String, String> service = Stack.<String, String>empty()
			.add(circuitBreaker())
			.add(TimeoutLayer.<String, String>of(SECOND).on((request) -> Timers.of(this.time)))
			.around((request) -> Mono.<String>never().doOnSubscribe((subscription) -> this.calls.incrementAndGet()));
		for (int i = 0; i < CALLS; i++) {
			StepVerifier.create(service.call(""))
				.then(() -> this.time.advanceTimeBy(SECOND))
				.verifyError(LayerTimeoutException.class);
		}
		assertThat(this.breaker.getState()).isEqualTo(CircuitBreaker.State.OPEN);
		StepVerifier.create(service.call("")).verifyError(CallNotPermittedException.class);
		assertThat(this.calls).hasValue(CALLS);
	}

	@Test
	void refusalsOfAnOpenCircuitAreNotRepeated() {
		Service<String, String> service = Stack.<String, String>empty()
			.add(RetryLayer.<String, String>builder(RetryBudget.ofDefaults(), 3)
				.onError((error) -> !(error instanceof CallNotPermittedException))
				.build())
			.add(circuitBreaker())
			.around((request) -> Mono.fromCallable(() -> "answer " + this.calls.incrementAndGet()));
		StepVerifier.create(service.call("")).expectNext("answer 1").verifyComplete();
		this.breaker.transitionToOpenState();
		StepVerifier.create(service.call("")).verifyError(CallNotPermittedException.class);
		assertThat(this.calls).hasValue(1);
		assertThat(this.breaker.getMetrics().getNumberOfNotPermittedCalls()).isEqualTo(1);
	}

	@Test
	void cancelGivesThePermissionBack() {
		this.breaker.transitionToOpenState();
		this.breaker.transitionToHalfOpenState();
		Service<String, String> service = Stack.<String, String>empty()
			.add(circuitBreaker())
			.add(ConcurrencyLimitLayer.<String, String>of(1))
			.around((request) -> request.isEmpty() ? Mono.never() : Mono.just(request));
		Disposable only = service.call("").subscribe();
		StepVerifier.create(service.call("a")).verifyError(CallNotPermittedException.class);
		only.dispose();
		StepVerifier.create(service.call("a")).expectNext("a").verifyComplete();
		assertThat(this.breaker.getState()).isEqualTo(CircuitBreaker.State.CLOSED);
	}

	private Layer<String, String> circuitBreaker() {
		return (inner) -> (request) -> inner.call(request).transformDeferred(CircuitBreakerOperator.of(this.breaker));
	}

}
