package dev.loopline.autoconfigure.reactor;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.test.StepVerifier;

import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link Cooperation}.
 */
class CooperationTests {

	/** One worker that nobody takes away: who does not yield starves everybody. */
	private final TaskRuntime runtime = TaskRuntime
		.start(TaskRuntimeConfig.of((builder) -> builder.workers(1).stallThreshold(Duration.ofDays(1))));

	private final Scheduler scheduler = StrandScheduler.of(this.runtime);

	@AfterEach
	void close() {
		this.runtime.close();
	}

	@Test
	void elementsPassInOrderAndInFull() {
		StepVerifier.create(Flux.range(0, 10_000).transform(Cooperation.on(this.scheduler)).collectList())
			.assertNext((list) -> assertThat(list).hasSize(10_000).isSorted())
			.expectComplete()
			.verify(Duration.ofSeconds(20));
	}

	@Test
	void demandIsNotExceeded() {
		AtomicLong requested = new AtomicLong();
		StepVerifier
			.create(Flux.range(0, 1_000).doOnRequest(requested::addAndGet).transform(Cooperation.on(this.scheduler)), 3)
			.expectNext(0, 1, 2)
			.thenRequest(200)
			.expectNextCount(200)
			.then(() -> assertThat(requested).hasValue(203))
			.thenCancel()
			.verify(Duration.ofSeconds(20));
	}

	@Test
	void errorsPass() {
		StepVerifier.create(Flux.error(new IllegalStateException("expected")).transform(Cooperation.on(this.scheduler)))
			.expectErrorMessage("expected")
			.verify(Duration.ofSeconds(20));
	}

	@Test
	void endlessChainLeavesRoomForOthers() {
		AtomicLong elements = new AtomicLong();
		Disposable endless = Flux.<Long>generate((sink) -> sink.next(elements.incrementAndGet()))
			.transform(Cooperation.on(this.scheduler))
			.subscribe();
		await().until(() -> elements.get() > 1_000);
		for (int i = 0; i < 20; i++) {
			assertThat(Mono.fromSupplier(() -> "ran").subscribeOn(this.scheduler).block(Duration.ofSeconds(20)))
				.isEqualTo("ran");
		}
		endless.dispose();
		long seen = elements.get();
		await().atMost(20, TimeUnit.SECONDS).until(() -> {
			long before = elements.get();
			Mono.fromSupplier(() -> "ran").subscribeOn(this.scheduler).block(Duration.ofSeconds(20));
			return elements.get() == before;
		});
		assertThat(elements.get()).isGreaterThanOrEqualTo(seen);
	}

}
