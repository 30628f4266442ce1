package dev.loopline.autoconfigure.web;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

import dev.loopline.autoconfigure.support.PublisherRules;
import dev.loopline.runtime.Strand;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for {@link DemandOnStrand}.
 */
class DemandOnStrandTests {

	private final TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(1)));

	private final Strand strand = this.runtime.newStrand();

	private final List<Integer> received = Collections.synchronizedList(new ArrayList<>());

	@AfterEach
	void endRuntime() {
		this.runtime.close();
	}

	@Test
	void sourceRunsOnTheStrandOnly() {
		List<Boolean> onStrand = Collections.synchronizedList(new ArrayList<>());
		Flux<Integer> source = Flux.defer(() -> {
			onStrand.add(this.strand.isCurrent());
			return Flux.range(0, 100);
		}).doOnNext((element) -> onStrand.add(this.strand.isCurrent()));
		List<Integer> elements = new DemandOnStrand<>(source, TestExchange.on(this.strand)).limitRate(7)
			.collectList()
			.block();
		assertThat(elements).isEqualTo(IntStream.range(0, 100).boxed().toList());
		assertThat(onStrand).hasSize(101).containsOnly(true);
	}

	@Test
	void sourceIsNotCancelledBetweenSubscriptionAndEmission() {
		CountDownLatch inside = new CountDownLatch(1);
		CountDownLatch cancelled = new CountDownLatch(1);
		Collector collector = new Collector();
		new DemandOnStrand<>(Flux.defer(() -> {
			inside.countDown();
			Gate.await(cancelled);
			return Flux.just(1, 2, 3);
		}), TestExchange.on(this.strand)).subscribe(collector);
		Gate.await(inside);
		collector.cancel();
		cancelled.countDown();
		awaitStrand();
		assertThat(this.received).containsExactly(1, 2, 3);
	}

	@Test
	void sourceIsNotSubscribedToAfterCancellation() {
		CountDownLatch free = new CountDownLatch(1);
		this.strand.execute(() -> Gate.await(free));
		Collector collector = new Collector() {

			@Override
			protected void hookOnSubscribe(Subscription subscription) {
				subscription.cancel();
			}

		};
		new DemandOnStrand<>(Flux.just(1).doOnSubscribe((subscription) -> this.received.add(0)),
				TestExchange.on(this.strand))
			.subscribe(collector);
		free.countDown();
		awaitStrand();
		assertThat(this.received).isEmpty();
	}

	@Test
	void sourceIsSubscribedToOnTheStrandWithTheFirstDemand() {
		List<Boolean> onStrand = Collections.synchronizedList(new ArrayList<>());
		Collector collector = new Collector() {

			@Override
			protected void hookOnSubscribe(Subscription subscription) {
				// Asks later, and from another thread
			}

		};
		new DemandOnStrand<>(Flux.defer(() -> {
			onStrand.add(this.strand.isCurrent());
			return Flux.just(1, 2);
		}).doOnRequest((n) -> onStrand.add(this.strand.isCurrent())), TestExchange.on(this.strand))
			.subscribe(collector);
		awaitStrand();
		assertThat(onStrand).isEmpty();
		collector.request(1);
		awaitStrand();
		assertThat(this.received).containsExactly(1);
		assertThat(onStrand).hasSize(2).containsOnly(true);
		collector.request(1);
		awaitStrand();
		assertThat(this.received).containsExactly(1, 2);
		assertThat(onStrand).hasSize(3).containsOnly(true);
	}

	@Test
	void subscriberIsToldWhenTheRuntimeHasEnded() {
		this.runtime.close();
		Flux<Integer> flux = new DemandOnStrand<>(Flux.just(1), TestExchange.on(this.strand));
		assertThatThrownBy(flux::blockLast).hasMessageContaining("has ended");
	}

	@TestFactory
	Stream<DynamicTest> keepsTheRulesOfReactiveStreams() {
		return PublisherRules.onDemand(10_000,
				(source) -> new DemandOnStrand<>(Flux.from(source), TestExchange.on(this.strand)));
	}

	private void awaitStrand() {
		CountDownLatch done = new CountDownLatch(1);
		this.strand.execute(done::countDown);
		Gate.await(done);
	}

	private class Collector extends BaseSubscriber<Integer> {

		@Override
		protected void hookOnNext(Integer element) {
			DemandOnStrandTests.this.received.add(element);
		}

	}

}
