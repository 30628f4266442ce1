package dev.loopline.layers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

import dev.loopline.layers.HedgeLayer.Hedge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link HedgeLayer} and its {@link LatencyHistogram}.
 */
class HedgeLayerTests {

	private static final Duration PERIOD = Duration.ofSeconds(10);

	private static final Duration USUAL = Duration.ofMillis(100);

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final LongSupplier clock = () -> this.time.now(TimeUnit.NANOSECONDS);

	private final List<Sinks.One<String>> sent = new ArrayList<>();

	private final List<Object> ends = new ArrayList<>();

	private final List<String> discarded = new ArrayList<>();

	private final List<Hedge> hedges = new ArrayList<>();

	private int cancels;

	private HedgeLayer<String, String> layer = layer(new RetryBudget(0.2, 10, PERIOD, this.clock));

	@AfterEach
	void stopTime() {
		this.time.dispose();
	}

	@Test
	void nothingIsSentTwiceBeforeAPeriodHasSaidHowLongItTakes() {
		assertThat(this.layer.delay()).isNull();
		call();
		this.time.advanceTimeBy(Duration.ofMinutes(1));
		assertThat(this.sent).hasSize(1);
	}

	@Test
	void whatTakesLongerThanUsualIsSentAgainAndTheFirstToAnswerWins() {
		learn();
		call();
		this.time.advanceTimeBy(USUAL.minusMillis(1));
		assertThat(this.sent).hasSize(1);
		this.time.advanceTimeBy(USUAL);
		assertThat(this.sent).hasSize(2);
		this.sent.get(1).tryEmitValue("second");
		assertThat(this.ends).containsExactly("second");
		assertThat(this.cancels).isEqualTo(1);
		assertThat(this.hedges).containsExactly(Hedge.SENT, Hedge.WON);
	}

	@Test
	void firstMayStillWin() {
		learn();
		call();
		this.time.advanceTimeBy(USUAL.multipliedBy(2));
		this.sent.get(0).tryEmitValue("first");
		assertThat(this.ends).containsExactly("first");
		assertThat(this.cancels).isEqualTo(1);
		assertThat(this.hedges).containsExactly(Hedge.SENT);
	}

	@Test
	void answerThatComesTooLateIsLetGo() {
		learn();
		List<Object> late = new ArrayList<>();
		this.layer.around((request) -> Mono.create((sink) -> {
			if (late.isEmpty()) {
				late.add(sink);
			}
			else {
				sink.success("second");
			}
		})).call("").subscribe(this.ends::add);
		this.time.advanceTimeBy(USUAL.multipliedBy(2));
		assertThat(this.ends).containsExactly("second");
		assertThat(this.discarded).isEmpty();
	}

	@Test
	void bothAnswersAtOnceAreOneAnswerAndOneThatIsLetGo() {
		learn();
		this.layer.around((request) -> new Mono<String>() {

			// Cannot be cancelled
			@Override
			public void subscribe(reactor.core.CoreSubscriber<? super String> actual) {
				Sinks.One<String> sink = Sinks.one();
				HedgeLayerTests.this.sent.add(sink);
				actual.onSubscribe(reactor.core.publisher.Operators.emptySubscription());
				sink.asMono().subscribe(actual::onNext);
			}

		}).call("").subscribe(this.ends::add);
		this.time.advanceTimeBy(USUAL.multipliedBy(2));
		this.sent.get(0).tryEmitValue("first");
		this.sent.get(1).tryEmitValue("second");
		assertThat(this.ends).containsExactly("first");
		assertThat(this.discarded).containsExactly("second");
	}

	@Test
	void errorOfOneIsNoneWhileTheOtherIsOnItsWay() {
		learn();
		call();
		this.time.advanceTimeBy(USUAL.multipliedBy(2));
		this.sent.get(0).tryEmitError(new IllegalStateException("first"));
		assertThat(this.ends).isEmpty();
		this.sent.get(1).tryEmitValue("second");
		assertThat(this.ends).containsExactly("second");
		call();
		this.sent.get(2).tryEmitError(new IllegalStateException("alone"));
		assertThat(this.ends).hasSize(2);
		this.time.advanceTimeBy(USUAL.multipliedBy(2));
		assertThat(this.sent).as("what has failed is not sent again").hasSize(3);
	}

	@Test
	void bothErrorsAreTheLast() {
		learn();
		call();
		this.time.advanceTimeBy(USUAL.multipliedBy(2));
		this.sent.get(0).tryEmitError(new IllegalStateException("first"));
		this.sent.get(1).tryEmitError(new IllegalStateException("second"));
		assertThat(this.ends).singleElement().asString().endsWith("second");
	}

	@Test
	void cancelEndsBothAndTheTimer() {
		learn();
		call().dispose();
		this.time.advanceTimeBy(USUAL.multipliedBy(2));
		assertThat(this.sent).hasSize(1);
		Disposable call = call();
		this.time.advanceTimeBy(USUAL.multipliedBy(2));
		call.dispose();
		assertThat(this.cancels).isEqualTo(3);
		assertThat(this.ends).isEmpty();
	}

	@Test
	void nothingIsSentWithoutABudget() {
		this.layer = layer(new RetryBudget(0, 0, PERIOD, this.clock));
		learn();
		call();
		this.time.advanceTimeBy(USUAL.multipliedBy(2));
		assertThat(this.sent).hasSize(1);
		assertThat(this.hedges).containsExactly(Hedge.NO_BUDGET);
	}

	@Test
	void tooFewAnswersOrAPauseSayNothing() {
		answer(9);
		this.time.advanceTimeBy(PERIOD);
		assertThat(this.layer.delay()).isNull();
		learn();
		this.time.advanceTimeBy(PERIOD.multipliedBy(3));
		assertThat(this.layer.delay()).isNull();
	}

	@Test
	void slowerOneCountsEvenIfItIsGivenUp() {
		learn();
		for (int i = 0; i < 10; i++) {
			call();
			this.time.advanceTimeBy(USUAL.multipliedBy(2));
			this.sent.get(this.sent.size() - 1).tryEmitValue("second");
		}
		this.time.advanceTimeBy(PERIOD);
		assertThat(this.layer.delay()).isGreaterThan(USUAL.multipliedBy(2).minusMillis(1));
	}

	@Test
	void bucketsAreAnEighthWide() {
		for (long micros = 1; micros < 68_000_000_000L; micros = micros * 5 / 4 + 1) {
			long upper = LatencyHistogram.upperNanos(LatencyHistogram.bucket(micros * 1_000));
			assertThat(upper).as("%d us", micros)
				.isGreaterThan(micros * 1_000)
				.isLessThanOrEqualTo(Math.max(micros + 1, micros * 9 / 8 + 1) * 1_000);
		}
		assertThat(LatencyHistogram.bucket(Long.MAX_VALUE)).isPositive();
		assertThat(LatencyHistogram.bucket(-1)).isZero();
	}

	@Test
	void valuesThatMakeNoSenseAreRefused() {
		RetryBudget budget = RetryBudget.ofDefaults();
		for (double quantile : new double[] { 0, 1, -1, Double.NaN }) {
			assertThatIllegalArgumentException().isThrownBy(() -> HedgeLayer.<String, String>builder(quantile, budget));
		}
	}

	private HedgeLayer<String, String> layer(RetryBudget budget) {
		return HedgeLayer.<String, String>builder(0.9, budget)
			.measured(10, PERIOD)
			.discard(this.discarded::add)
			.onHedge(this.hedges::add)
			.on(Timers.of(this.time), this.clock)
			.build();
	}

	/** So that the percentile is from 100 to 113 ms. */
	private void learn() {
		answer(10);
		this.time.advanceTimeBy(PERIOD);
		assertThat(this.layer.delay()).isBetween(USUAL, USUAL.plusMillis(13));
	}

	private void answer(int requests) {
		for (int i = 0; i < requests; i++) {
			call();
			this.time.advanceTimeBy(USUAL);
			this.sent.get(this.sent.size() - 1).tryEmitValue("");
		}
		this.sent.clear();
		this.ends.clear();
		this.hedges.clear();
		this.cancels = 0;
	}

	private Disposable call() {
		return this.layer.around((request) -> {
			Sinks.One<String> sink = Sinks.one();
			this.sent.add(sink);
			return sink.asMono().doOnCancel(() -> this.cancels++);
		}).call("").subscribe(this.ends::add, this.ends::add);
	}

}
