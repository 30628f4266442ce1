package dev.loopline.autoconfigure.clients;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

import dev.loopline.runtime.Strand;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link StrandTurns}, {@link AskedOnStrand} and {@link ToldOnStrand}.
 */
class StrandTurnsTests {

	private final TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(2)));

	private final Strand strand = this.runtime.newStrand();

	private final StrandTurns turns = new StrandTurns(this.strand);

	private final CountDownLatch gate = new CountDownLatch(1);

	@AfterEach
	void stop() {
		this.gate.countDown();
		this.runtime.close();
	}

	@Test
	void runOnTheStrandInOrder() {
		List<Integer> order = new CopyOnWriteArrayList<>();
		IntStream.range(0, 1000).forEach((i) -> this.turns.execute(() -> {
			if (this.strand.isCurrent()) {
				order.add(i);
			}
		}));
		await().untilAsserted(
				() -> assertThat(order).containsExactlyElementsOf(IntStream.range(0, 1000).boxed().toList()));
	}

	@Test
	void runInOrderWhenTheRuntimeHasEnded() {
		this.runtime.close();
		List<Integer> order = new CopyOnWriteArrayList<>();
		AtomicInteger running = new AtomicInteger();
		IntStream.range(0, 1000).forEach((i) -> this.turns.execute(() -> {
			assertThat(running.incrementAndGet()).isOne();
			order.add(i);
			running.decrementAndGet();
		}));
		await().untilAsserted(
				() -> assertThat(order).containsExactlyElementsOf(IntStream.range(0, 1000).boxed().toList()));
	}

	@Test
	void goOnAfterATaskThatFails() {
		List<String> ran = new CopyOnWriteArrayList<>();
		this.turns.execute(() -> {
			throw new IllegalStateException("expected");
		});
		this.turns.execute(() -> ran.add("next"));
		await().untilAsserted(() -> assertThat(ran).containsExactly("next"));
	}

	@Test
	void sourceIsSubscribedToAndAskedOnTheStrand() {
		List<String> asked = new CopyOnWriteArrayList<>();
		Flux<Integer> source = Flux.range(0, 10)
			.doOnSubscribe((subscription) -> asked.add("subscribed " + this.strand.isCurrent()))
			.doOnRequest((n) -> asked.add(n + " " + this.strand.isCurrent()))
			.doOnCancel(() -> asked.add("cancelled " + this.strand.isCurrent()));
		StepVerifier.create(AskedOnStrand.flux(() -> source, () -> asked.add("unasked"), this.turns), 2)
			.expectNext(0, 1)
			.thenRequest(3)
			.expectNext(2, 3, 4)
			.thenCancel()
			.verify();
		await().untilAsserted(
				() -> assertThat(asked).containsExactly("subscribed true", "2 true", "3 true", "cancelled true"));
	}

	@Test
	void requestThatIsCancelledBeforeItsTurnIsTakenBack() {
		block();
		ByteBuf payload = Unpooled.buffer();
		AtomicInteger made = new AtomicInteger();
		AskedOnStrand.mono(() -> Mono.just(made.incrementAndGet()), payload::release, this.turns).subscribe().dispose();
		assertThat(payload.refCnt()).isZero();
		this.gate.countDown();
		awaitTurn();
		assertThat(made).hasValue(0);
	}

	@Test
	void whatComesAfterTheCancellationIsReleased() {
		TestPublisher<ByteBuf> source = TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
		Subscription subscription = subscribe(AskedOnStrand.flux(() -> source, () -> {
		}, this.turns));
		awaitTurn();
		subscription.cancel();
		awaitTurn();
		ByteBuf late = Unpooled.buffer();
		source.next(late);
		assertThat(late.refCnt()).isZero();
	}

	@Test
	void sourceThatCannotBeMadeFails() {
		StepVerifier.create(AskedOnStrand.flux(() -> {
			throw new IllegalStateException("not today");
		}, () -> {
		}, this.turns)).verifyErrorMessage("not today");
	}

	@Test
	void signalsArriveOnTheStrandAndDemandAsItIs() {
		List<Long> demand = new CopyOnWriteArrayList<>();
		StepVerifier
			.create(ToldOnStrand.flux(Flux.range(0, 1000).doOnRequest(demand::add), this.turns)
				.filter((number) -> this.strand.isCurrent()), 2)
			.expectNext(0, 1)
			.thenRequest(3)
			.expectNext(2, 3, 4)
			.thenCancel()
			.verify();
		assertThat(demand).containsExactly(2L, 3L);
		StepVerifier.create(ToldOnStrand.mono(Mono.error(new IllegalStateException("failed")), this.turns))
			.verifyErrorMessage("failed");
		StepVerifier.create(ToldOnStrand.mono(Mono.empty(), this.turns)).verifyComplete();
	}

	@Test
	void whatWaitsWhenTheSubscriberCancelsIsReleased() {
		block();
		ByteBuf waiting = Unpooled.buffer();
		subscribe(ToldOnStrand.flux(Flux.just(waiting), this.turns)).cancel();
		this.gate.countDown();
		await().untilAsserted(() -> assertThat(waiting.refCnt()).isZero());
	}

	private static <T> Subscription subscribe(Flux<T> flux) {
		BaseSubscriber<T> subscriber = new BaseSubscriber<>() {
		};
		flux.subscribe(subscriber);
		return subscriber;
	}

	private void block() {
		this.turns.execute(() -> await().until(() -> this.gate.getCount() == 0));
	}

	private void awaitTurn() {
		CountDownLatch turn = new CountDownLatch(1);
		this.turns.execute(turn::countDown);
		await().until(() -> turn.getCount() == 0);
	}

}
