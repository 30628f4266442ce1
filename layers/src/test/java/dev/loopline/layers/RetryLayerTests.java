package dev.loopline.layers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link RetryLayer}.
 */
class RetryLayerTests {

	private static final Duration PAUSE = Duration.ofMillis(100);

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final FakeClock clock = new FakeClock();

	private final AtomicInteger calls = new AtomicInteger();

	private final AtomicInteger cancels = new AtomicInteger();

	private final List<Object> ends = new ArrayList<>();

	private final List<String> discarded = new ArrayList<>();

	private final List<Boolean> retries = new ArrayList<>();

	@AfterEach
	void stopTime() {
		this.time.dispose();
	}

	@Test
	void errorIsTriedAgainAfterAPause() {
		call(builder(3), (request) -> (this.calls.incrementAndGet() < 3) ? Mono.error(new IllegalStateException())
				: Mono.just("answer"));
		assertThat(this.calls).hasValue(1);
		this.time.advanceTimeBy(PAUSE.dividedBy(2).minusMillis(1));
		assertThat(this.calls).hasValue(1);
		this.time.advanceTimeBy(PAUSE.multipliedBy(10));
		assertThat(this.calls).hasValue(3);
		assertThat(this.ends).containsExactly("answer");
		assertThat(this.retries).containsExactly(true, true);
	}

	@Test
	void lastErrorIsTheEnd() {
		call(builder(2), (request) -> Mono.error(new IllegalStateException("" + this.calls.incrementAndGet())));
		this.time.advanceTimeBy(Duration.ofHours(1));
		assertThat(this.ends).singleElement().asString().endsWith("IllegalStateException: 2");
	}

	@Test
	void answerThatIsAFailureIsLetGoUnlessItIsTheLast() {
		Service<String, String> service = (request) -> Mono.just("bad" + this.calls.incrementAndGet())
			.doOnCancel(this.cancels::incrementAndGet);
		call(onBad(builder(3), Duration.ZERO), service);
		this.time.advanceTimeBy(Duration.ofHours(1));
		assertThat(this.ends).containsExactly("bad3");
		assertThat(this.discarded).containsExactly("bad1", "bad2");
		assertThat(this.cancels).as("which would release the body of the last").hasValue(0);
	}

	@Test
	void serverThatSaysWhenIsNotAskedSooner() {
		call(onBad(builder(2), Duration.ofSeconds(3)),
				(request) -> Mono.just((this.calls.incrementAndGet() == 1) ? "bad" : "good"));
		this.time.advanceTimeBy(Duration.ofSeconds(3));
		assertThat(this.calls).hasValue(1);
		this.time.advanceTimeBy(PAUSE.multipliedBy(2));
		assertThat(this.ends).containsExactly("good");
	}

	@Test
	void withoutBudgetTheFirstAnswerIsTheEnd() {
		RetryBudget empty = new RetryBudget(0, 0, Duration.ofSeconds(10), this.clock);
		call(onBad(configure(RetryLayer.builder(empty, 3)), Duration.ZERO),
				(request) -> Mono.just("bad" + this.calls.incrementAndGet()));
		this.time.advanceTimeBy(Duration.ofHours(1));
		assertThat(this.ends).containsExactly("bad1");
		assertThat(this.discarded).isEmpty();
		assertThat(this.retries).containsExactly(false);
	}

	@Test
	void whatMayNotBeRepeatedOrWouldFailAgainIsNot() {
		Service<String, String> service = (request) -> Mono
			.error(new IllegalStateException("" + this.calls.incrementAndGet()));
		call(builder(3).onlyIf((request) -> false), service);
		call(builder(3).onError((error) -> error instanceof IllegalArgumentException), service);
		this.time.advanceTimeBy(Duration.ofHours(1));
		assertThat(this.calls).hasValue(2);
		assertThat(this.ends).hasSize(2);
		assertThat(this.retries).isEmpty();
	}

	@Test
	void nothingIsRepeatedThatNobodyWaitsForThen() {
		Deadline deadline = Deadline.after(Duration.ofSeconds(2), () -> this.time.now(TimeUnit.NANOSECONDS));
		onBad(builder(3), Duration.ofSeconds(2)).build()
			.around((request) -> Mono.just("bad" + this.calls.incrementAndGet()))
			.call("")
			.contextWrite(deadline::storeIn)
			.subscribe(this.ends::add);
		this.time.advanceTimeBy(Duration.ofHours(1));
		assertThat(this.ends).containsExactly("bad1");
	}

	@Test
	void cancelEndsThePause() {
		Disposable call = call(builder(3), (request) -> {
			this.calls.incrementAndGet();
			throw new IllegalStateException();
		});
		call.dispose();
		this.time.advanceTimeBy(Duration.ofHours(1));
		assertThat(this.calls).hasValue(1);
		assertThat(this.ends).isEmpty();
	}

	@Test
	void noAnswerIsAnAnswer() {
		AtomicInteger completed = new AtomicInteger();
		builder(3).build().around((request) -> Mono.<String>empty()).call("").subscribe((answer) -> {
		}, this.ends::add, completed::incrementAndGet);
		assertThat(completed).hasValue(1);
	}

	@Test
	void valuesThatMakeNoSenseAreRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> RetryLayer.<String, String>builder(RetryBudget.ofDefaults(), 1));
		assertThatIllegalArgumentException().isThrownBy(() -> builder(2).backoff(PAUSE, PAUSE.minusMillis(1)));
	}

	private RetryLayer.Builder<String, String> builder(int attempts) {
		return configure(RetryLayer.builder(new RetryBudget(1, 10, Duration.ofSeconds(10), this.clock), attempts));
	}

	private RetryLayer.Builder<String, String> configure(RetryLayer.Builder<String, String> builder) {
		return builder.backoff(PAUSE, PAUSE.multipliedBy(2)).on(this.time).onRetry(this.retries::add);
	}

	private RetryLayer.Builder<String, String> onBad(RetryLayer.Builder<String, String> builder, Duration retryAfter) {
		return builder.onAnswer((answer) -> answer.startsWith("bad"), (answer) -> retryAfter, this.discarded::add);
	}

	private Disposable call(RetryLayer.Builder<String, String> builder, Service<String, String> service) {
		return builder.build().around(service).call("").subscribe(this.ends::add, this.ends::add);
	}

}
