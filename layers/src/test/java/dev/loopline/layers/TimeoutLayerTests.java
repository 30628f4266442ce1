package dev.loopline.layers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link TimeoutLayer}.
 */
class TimeoutLayerTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final AtomicInteger cancels = new AtomicInteger();

	private final AtomicInteger armed = new AtomicInteger();

	@AfterEach
	void stopTime() {
		this.time.dispose();
	}

	@Test
	void givesUpWhenTheTimeIsOver() {
		List<Throwable> errors = new ArrayList<>();
		around((request) -> Mono.<String>never().doOnCancel(this.cancels::incrementAndGet)).call("")
			.subscribe((answer) -> {
			}, errors::add);
		this.time.advanceTimeBy(SECOND.minusNanos(1));
		assertThat(errors).isEmpty();
		this.time.advanceTimeBy(Duration.ofNanos(1));
		assertThat(errors).hasOnlyElementsOfType(LayerTimeoutException.class).hasSize(1);
		assertThat(this.cancels).hasValue(1);
	}

	@Test
	void answerInTimeEndsTheTimer() {
		StepVerifier.create(around((request) -> Mono.just(request)).call("answer"))
			.expectNext("answer")
			.verifyComplete();
		StepVerifier.create(around((request) -> Mono.<String>empty()).call("")).verifyComplete();
		StepVerifier.create(around((request) -> Mono.<String>error(new IllegalStateException())).call(""))
			.verifyError(IllegalStateException.class);
		StepVerifier.create(around((request) -> {
			throw new IllegalStateException();
		}).call("")).verifyError(IllegalStateException.class);
		assertThat(this.armed).hasValue(0);
	}

	@Test
	void twoThatGiveUpAtOnceAreNoErrorThatIsDropped() {
		List<Throwable> dropped = new ArrayList<>();
		List<CoreSubscriber<? super String>> inside = new ArrayList<>();
		Hooks.onErrorDropped(dropped::add);
		try {
			around((request) -> new Mono<String>() {

				@Override
				public void subscribe(CoreSubscriber<? super String> actual) {
					inside.add(actual);
				}

			}).call("").onErrorComplete().subscribe();
			this.time.advanceTimeBy(SECOND);
			inside.get(0).onError(new LayerTimeoutException(SECOND));
			assertThat(dropped).isEmpty();
			inside.get(0).onError(new IllegalStateException());
			assertThat(dropped).hasSize(1);
		}
		finally {
			Hooks.resetOnErrorDropped();
		}
	}

	@Test
	void timeBeginsWithTheSubscription() {
		Mono<String> answer = around(Mono::just).call("answer");
		this.time.advanceTimeBy(SECOND.multipliedBy(2));
		assertThat(answer.block()).isEqualTo("answer");
	}

	@Test
	void cancelEndsTheTimerAndTheService() {
		Disposable subscription = around((request) -> Mono.<String>never().doOnCancel(this.cancels::incrementAndGet))
			.call("")
			.subscribe();
		subscription.dispose();
		assertThat(this.cancels).hasValue(1);
		assertThat(this.armed).hasValue(0);
	}

	@Test
	void answerThatHasBegunMayGoOn() {
		AtomicBoolean begun = new AtomicBoolean();
		Sinks.One<String> sink = Sinks.one();
		TimeoutLayer<String, String> layer = TimeoutLayer.<String, String>of(SECOND)
			.on((request) -> Timers.of(this.time))
			.unless((request) -> begun.get());
		List<String> answers = new ArrayList<>();
		layer.around((request) -> sink.asMono()).call("").subscribe(answers::add);
		begun.set(true);
		this.time.advanceTimeBy(SECOND.multipliedBy(10));
		sink.tryEmitValue("late");
		assertThat(answers).containsExactly("late");
	}

	@Test
	void answersForAServiceThatKeepsItsThread() throws InterruptedException {
		CountDownLatch kept = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		List<Throwable> errors = new ArrayList<>();
		Thread caller = new Thread(() -> around((request) -> {
			kept.countDown();
			await(release);
			return Mono.just("late");
		}).call("").subscribe((answer) -> errors.add(new AssertionError(answer)), errors::add));
		caller.start();
		kept.await();
		this.time.advanceTimeBy(SECOND);
		assertThat(errors).hasOnlyElementsOfType(LayerTimeoutException.class).hasSize(1);
		release.countDown();
		caller.join();
		assertThat(errors).hasSize(1);
	}

	@Test
	void timersThatHaveEndedAreAnError() {
		this.time.dispose();
		AtomicInteger calls = new AtomicInteger();
		StepVerifier.create(around((request) -> Mono.just(request + calls.incrementAndGet())).call(""))
			.verifyError(RejectedExecutionException.class);
		assertThat(calls).hasValue(0);
	}

	@Test
	void zeroIsNoTime() {
		assertThatIllegalArgumentException().isThrownBy(() -> TimeoutLayer.of(Duration.ZERO));
		assertThatIllegalArgumentException().isThrownBy(() -> TimeoutLayer.of(Duration.ofMillis(-1)));
	}

	@Test
	void hasTheTimersOfReactorUnlessThereAreOthers() {
		VirtualTimeScheduler.getOrSet(this.time);
		try {
			List<Throwable> errors = new ArrayList<>();
			TimeoutLayer.<String, String>of(SECOND).around((request) -> Mono.never()).call("").subscribe((answer) -> {
			}, errors::add);
			this.time.advanceTimeBy(SECOND);
			assertThat(errors).hasSize(1);
		}
		finally {
			VirtualTimeScheduler.reset();
			Schedulers.resetFactory();
		}
	}

	private Service<String, String> around(Service<String, String> service) {
		return TimeoutLayer.<String, String>of(SECOND).on((request) -> counting(Timers.of(this.time))).around(service);
	}

	private Timers counting(Timers timers) {
		return new Timers() {

			@Override
			public void execute(Runnable task) {
				timers.execute(task);
			}

			@Override
			public Disposable schedule(Runnable task, Duration delay) {
				Disposable timer = timers.schedule(task, delay);
				TimeoutLayerTests.this.armed.incrementAndGet();
				return () -> {
					TimeoutLayerTests.this.armed.decrementAndGet();
					timer.dispose();
				};
			}

		};
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
