package dev.loopline.layers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ConcurrencyLimitLayer}.
 */
class ConcurrencyLimitLayerTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final Map<String, Sinks.Empty<String>> started = new LinkedHashMap<>();

	private final List<String> refused = new ArrayList<>();

	@AfterEach
	void stopTime() {
		this.time.dispose();
	}

	@Test
	void refusesBeyondThoseThatMayRunAndWait() {
		ConcurrencyLimitLayer<String, String> layer = layer(2, 1);
		List.of("a", "b", "c", "d").forEach((request) -> send(layer, request));
		assertThat(this.started).containsOnlyKeys("a", "b");
		assertThat(this.refused).containsExactly("d QUEUE_FULL");
		assertThat(layer.inFlight()).isEqualTo(2);
		assertThat(layer.queued()).isEqualTo(1);
		complete("a");
		assertThat(this.started).containsOnlyKeys("a", "b", "c");
		complete("b");
		complete("c");
		assertThatAllIsBack(layer);
	}

	@Test
	void withoutAQueueNobodyWaits() {
		ConcurrencyLimitLayer<String, String> layer = ConcurrencyLimitLayer.of(1);
		send(layer, "a");
		send(layer, "b");
		assertThat(this.refused).containsExactly("b QUEUE_FULL");
		complete("a");
		send(layer, "c");
		assertThat(this.started).containsOnlyKeys("a", "c");
	}

	@Test
	void firstComeFirstServed() {
		ConcurrencyLimitLayer<String, String> layer = layer(1, 10);
		List.of("a", "b", "c", "d").forEach((request) -> send(layer, request));
		List.of("a", "b", "c", "d").forEach(this::complete);
		assertThat(this.started.keySet()).containsExactly("a", "b", "c", "d");
	}

	@Test
	void lastComeFirstServedOnceTheFirstHasWaitedForHalfOfItsTime() {
		ConcurrencyLimitLayer<String, String> layer = layer(1, 10);
		send(layer, "a");
		send(layer, "b");
		this.time.advanceTimeBy(SECOND.dividedBy(2));
		send(layer, "c");
		send(layer, "d");
		complete("a");
		assertThat(this.started.keySet()).as("half is not more than half").containsExactly("a", "b");
		send(layer, "e");
		this.time.advanceTimeBy(SECOND.dividedBy(2).plusNanos(1));
		send(layer, "f");
		complete("b");
		assertThat(this.started.keySet()).containsExactly("a", "b", "f");
	}

	@Test
	void whoHasWaitedForTooLongIsNeverStarted() {
		ConcurrencyLimitLayer<String, String> layer = layer(1, 10);
		send(layer, "a");
		send(layer, "b");
		this.time.advanceTimeBy(SECOND);
		assertThat(this.refused).containsExactly("b WAITED_TOO_LONG");
		assertThat(layer.queued()).isZero();
		complete("a");
		assertThat(this.started).containsOnlyKeys("a");
		assertThatAllIsBack(layer);
	}

	@Test
	void whoIsCancelledWhileWaitingIsNeverStarted() {
		ConcurrencyLimitLayer<String, String> layer = layer(1, 2);
		send(layer, "a");
		Disposable waiting = send(layer, "b");
		send(layer, "c");
		waiting.dispose();
		assertThat(layer.queued()).isEqualTo(1);
		complete("a");
		assertThat(this.started.keySet()).containsExactly("a", "c");
		complete("c");
		assertThatAllIsBack(layer);
	}

	@Test
	void thoseWhoWaitBeginWhenThereAreMorePermits() {
		ConcurrencyLimitLayer<String, String> layer = layer(1, 10);
		List.of("a", "b", "c", "d").forEach((request) -> send(layer, request));
		layer.resize(3);
		assertThat(this.started.keySet()).containsExactly("a", "b", "c");
		assertThat(layer.inFlight()).isEqualTo(3);
		assertThat(layer.queued()).isEqualTo(1);
		List.of("a", "b", "c", "d").forEach(this::complete);
		assertThatAllIsBack(layer);
		assertThat(layer.maxConcurrent()).isEqualTo(3);
	}

	@Test
	void permitThatWasTakenAwayIsGoneWhenItComesBack() {
		ConcurrencyLimitLayer<String, String> layer = layer(3, 10);
		List.of("a", "b", "c", "d").forEach((request) -> send(layer, request));
		layer.resize(1);
		complete("a");
		complete("b");
		assertThat(this.started.keySet()).containsExactly("a", "b", "c");
		assertThat(layer.inFlight()).isEqualTo(1);
		complete("c");
		assertThat(this.started.keySet()).containsExactly("a", "b", "c", "d");
		send(layer, "e");
		assertThat(layer.queued()).isEqualTo(1);
		complete("d");
		complete("e");
		assertThatAllIsBack(layer);
	}

	@Test
	void permitComesBackWithAnErrorAndWithACancel() {
		ConcurrencyLimitLayer<String, String> layer = layer(1, 1);
		send(layer, "a");
		this.started.get("a").tryEmitError(new IllegalStateException("a"));
		assertThat(this.refused).containsExactly("a failed");
		Disposable running = send(layer, "b");
		running.dispose();
		running.dispose();
		assertThatAllIsBack(layer);
		layer.around((request) -> {
			throw new IllegalStateException();
		}).call("c").onErrorComplete().block();
		assertThatAllIsBack(layer);
	}

	@Test
	void oneThatMayStillBeWorkedAtCountsUntilItHasEnded() {
		List<Runnable> releases = new ArrayList<>();
		ConcurrencyLimitLayer<String, String> layer = ConcurrencyLimitLayer.<String, String>builder(1)
			.afterCancel((request, release) -> releases.add(release))
			.build();
		send(layer, "a").dispose();
		assertThat(layer.inFlight()).isEqualTo(1);
		send(layer, "b");
		assertThat(this.refused).containsExactly("b QUEUE_FULL");
		releases.forEach(Runnable::run);
		assertThatAllIsBack(layer);
	}

	@Test
	void oneThatIsCancelledWhileTheServiceIsCalledCountsUntilThatReturns() throws InterruptedException {
		ConcurrencyLimitLayer<String, String> layer = ConcurrencyLimitLayer.of(1);
		CountDownLatch called = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		Sinks.Empty<String> cancel = Sinks.empty();
		Mono<String> answer = layer.around((request) -> {
			called.countDown();
			try {
				release.await();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			return Mono.never();
		}).call("a").takeUntilOther(cancel.asMono());
		Thread caller = new Thread(answer::subscribe);
		caller.start();
		called.await();
		cancel.tryEmitEmpty();
		assertThat(layer.inFlight()).isEqualTo(1);
		release.countDown();
		caller.join();
		assertThatAllIsBack(layer);
	}

	@Test
	void whoHasWaitedBeginsElsewhereThanWhereSomebodyElseEnded() {
		Scheduler elsewhere = Schedulers.newSingle("elsewhere");
		CountDownLatch begun = new CountDownLatch(1);
		List<String> threads = new ArrayList<>();
		try {
			ConcurrencyLimitLayer<String, String> layer = ConcurrencyLimitLayer.<String, String>builder(1)
				.queue(1, SECOND.multipliedBy(100))
				.on((request) -> Timers.of(elsewhere))
				.build();
			send(layer, "a");
			layer.around((request) -> Mono.fromSupplier(() -> {
				threads.add(Thread.currentThread().getName());
				begun.countDown();
				return request;
			})).call("b").subscribe();
			complete("a");
			assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
			assertThat(threads).allMatch((thread) -> thread.startsWith("elsewhere"));
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
		finally {
			elsewhere.dispose();
		}
	}

	@Test
	void permitIsNotLostWithTheThreadsThatItsOwnerWouldBeginOn() {
		Scheduler elsewhere = Schedulers.newSingle("elsewhere");
		ConcurrencyLimitLayer<String, String> layer = ConcurrencyLimitLayer.<String, String>builder(1)
			.queue(1, SECOND.multipliedBy(100))
			.on((request) -> Timers.of(elsewhere))
			.build();
		send(layer, "a");
		send(layer, "b");
		elsewhere.dispose();
		complete("a");
		assertThat(this.refused).hasSize(1).allMatch((refusal) -> refusal.startsWith("b "));
		assertThatAllIsBack(layer);
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8 })
	void stormOfCancelsLeavesEveryPermit(long seed) throws InterruptedException {
		ConcurrencyLimitLayer<Integer, Integer> layer = ConcurrencyLimitLayer.<Integer, Integer>builder(3)
			.queue(5, Duration.ofMillis(1))
			.build();
		AtomicInteger running = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		Service<Integer, Integer> service = layer.around((request) -> Mono.defer(() -> {
			most.accumulateAndGet(running.incrementAndGet(), Math::max);
			return Mono.just(request)
				.delayElement(Duration.ofNanos(request % 300_000))
				.doOnTerminate(running::decrementAndGet)
				.doOnCancel(running::decrementAndGet);
		}));
		List<Thread> clients = IntStream.range(0, 4).mapToObj((client) -> new Thread(() -> {
			Random random = new Random(seed * 31 + client);
			for (int i = 0; i < 2_000; i++) {
				Disposable request = service.call(random.nextInt(1_000_000)).subscribe((answer) -> {
				}, (ex) -> {
				});
				if (random.nextInt(3) > 0) {
					request.dispose();
				}
			}
		})).toList();
		clients.forEach(Thread::start);
		for (Thread client : clients) {
			client.join();
		}
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
		while ((layer.inFlight() != 0 || layer.queued() != 0) && System.nanoTime() < end) {
			Thread.onSpinWait();
		}
		assertThatAllIsBack(layer);
		assertThat(most.get()).isBetween(1, 3);
	}

	@Test
	void refusesNonsense() {
		assertThatIllegalArgumentException().isThrownBy(() -> ConcurrencyLimitLayer.of(0));
		assertThatIllegalArgumentException().isThrownBy(() -> ConcurrencyLimitLayer.builder(1).queue(-1, SECOND));
		assertThatIllegalArgumentException().isThrownBy(() -> ConcurrencyLimitLayer.builder(1).queue(1, Duration.ZERO));
	}

	private ConcurrencyLimitLayer<String, String> layer(int concurrent, int queue) {
		return ConcurrencyLimitLayer.<String, String>builder(concurrent)
			.queue(queue, SECOND)
			.on((request) -> Timers.of(this.time))
			.clock(() -> this.time.now(TimeUnit.NANOSECONDS))
			.build();
	}

	private Disposable send(ConcurrencyLimitLayer<String, String> layer, String request) {
		return layer.around((started) -> {
			Sinks.Empty<String> sink = Sinks.empty();
			this.started.put(started, sink);
			return sink.asMono();
		}).call(request).subscribe((answer) -> {
		}, (ex) -> this.refused
			.add(request + ((ex instanceof OverloadedException overload) ? " " + overload.reason() : " failed")));
	}

	private void complete(String request) {
		this.started.get(request).tryEmitEmpty();
		this.time.advanceTime(); // who is next begins on another thread
	}

	private static void assertThatAllIsBack(ConcurrencyLimitLayer<?, ?> layer) {
		assertThat(layer.inFlight()).isZero();
		assertThat(layer.queued()).isZero();
	}

}
