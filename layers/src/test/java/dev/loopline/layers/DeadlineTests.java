package dev.loopline.layers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Deadline}, and for what {@link TimeoutLayer} does with it.
 */
class DeadlineTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final LongSupplier clock = () -> this.time.now(TimeUnit.NANOSECONDS);

	private final AtomicInteger calls = new AtomicInteger();

	@AfterEach
	void stopTime() {
		this.time.dispose();
	}

	@Test
	void remainingGetsLessAndEndsAtZero() {
		Deadline deadline = Deadline.after(SECOND, this.clock);
		this.time.advanceTimeBy(Duration.ofMillis(400));
		assertThat(deadline.remaining()).isEqualTo(Duration.ofMillis(600));
		assertThat(deadline.hasPassed()).isFalse();
		this.time.advanceTimeBy(Duration.ofMillis(600));
		assertThat(deadline.hasPassed()).isTrue();
		this.time.advanceTimeBy(SECOND);
		assertThat(deadline.remaining()).isZero();
	}

	@Test
	void timeWithoutEndIsLongAndWhatIsNegativeHasPassed() {
		assertThat(Deadline.after(Duration.ofSeconds(Long.MAX_VALUE), this.clock).remaining())
			.isGreaterThan(Duration.ofDays(36_500));
		assertThat(Deadline.after(Duration.ofMillis(-1), this.clock).hasPassed()).isTrue();
	}

	@Test
	void earlierOneCounts() {
		Deadline early = Deadline.after(SECOND, this.clock);
		Deadline late = Deadline.after(SECOND.multipliedBy(2), this.clock);
		assertThat(Deadline.of(late.storeIn(early.storeIn(Context.empty())))).containsSame(early);
		assertThat(Deadline.of(early.storeIn(late.storeIn(Context.empty())))).containsSame(early);
		assertThat(Deadline.remaining(Context.empty())).isEmpty();
	}

	@Test
	void timeoutIsTheDeadlineOfAllThatIsInside() {
		Mono<Duration> inside = TimeoutLayer.<String, Duration>of(SECOND, this.clock)
			.on((request) -> Timers.of(this.time))
			.around((request) -> Mono.deferContextual((context) -> Mono.justOrEmpty(Deadline.remaining(context))))
			.call("");
		assertThat(inside.block()).isEqualTo(SECOND);
		Duration half = SECOND.dividedBy(2);
		assertThat(inside.contextWrite(Deadline.after(half, this.clock)::storeIn).block()).isEqualTo(half);
	}

	@Test
	void requestIsGivenUpAtItsDeadline() {
		AtomicInteger cancels = new AtomicInteger();
		List<Throwable> errors = new ArrayList<>();
		around(Deadline.after(SECOND, this.clock),
				(request) -> Mono.<String>never().doOnCancel(cancels::incrementAndGet))
			.subscribe((answer) -> {
			}, errors::add);
		this.time.advanceTimeBy(SECOND.minusNanos(1));
		assertThat(errors).isEmpty();
		this.time.advanceTimeBy(Duration.ofNanos(1));
		assertThat(errors).hasOnlyElementsOfType(LayerTimeoutException.class).hasSize(1);
		assertThat(cancels).hasValue(1);
	}

	@Test
	void requestWhoseDeadlineHasPassedIsNotStarted() {
		StepVerifier.create(around(Deadline.after(Duration.ZERO, this.clock), this::count))
			.verifyError(LayerTimeoutException.class);
		assertThat(this.calls).hasValue(0);
	}

	@Test
	void requestWithoutDeadlineHasNoTimer() {
		StepVerifier.create(TimeoutLayer.<String, String>until((request, context) -> null).on((request) -> {
			throw new AssertionError();
		}).around(this::count).call("a")).expectNext("a").verifyComplete();
		assertThat(this.calls).hasValue(1);
	}

	private Mono<String> count(String request) {
		this.calls.incrementAndGet();
		return Mono.just(request);
	}

	private Mono<String> around(@Nullable Deadline deadline, Service<String, String> service) {
		return TimeoutLayer.<String, String>until((request, context) -> deadline)
			.on((request) -> Timers.of(this.time))
			.around(service)
			.call("");
	}

}
