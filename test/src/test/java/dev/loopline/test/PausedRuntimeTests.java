package dev.loopline.test;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.test.StepVerifier;

import dev.loopline.autoconfigure.reactor.StrandScheduler;
import dev.loopline.runtime.JoinHandle;
import dev.loopline.runtime.TaskRuntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * Tests for {@link PausedRuntime}, with all its workers.
 */
class PausedRuntimeTests {

	private final PausedRuntime paused = PausedRuntime.start((builder) -> builder.workers(2));

	private final TaskRuntime runtime = this.paused.runtime();

	@AfterEach
	void close() {
		this.paused.close();
	}

	@Test
	void waitsForTimersInNoTime() {
		AtomicInteger naps = new AtomicInteger();
		JoinHandle<Integer> sleeper = this.runtime.spawnAsync(() -> nap(naps));
		assertThat(this.paused.await(sleeper)).isEqualTo(365);
	}

	private CompletableFuture<Integer> nap(AtomicInteger naps) {
		if (naps.get() == 365) {
			return CompletableFuture.completedFuture(naps.get());
		}
		return this.runtime.sleep(Duration.ofDays(1)).thenCompose((slept) -> {
			naps.incrementAndGet();
			return nap(naps);
		}).toCompletableFuture();
	}

	@Test
	void clockStandsStillWhileAnythingRuns() {
		for (int round = 0; round < 50; round++) {
			AtomicInteger done = new AtomicInteger();
			for (int i = 0; i < 100; i++) {
				this.runtime.spawn(() -> this.runtime.spawnBlocking(done::incrementAndGet));
			}
			JoinHandle<Void> sleep = this.runtime.sleep(Duration.ofHours(1));
			int seen = this.paused.await(sleep.thenApply((slept) -> done.get()));
			assertThat(seen).isEqualTo(100);
		}
	}

	@Test
	void clockMovesByHand() {
		JoinHandle<Void> sleep = this.runtime.sleep(Duration.ofMinutes(10));
		this.paused.advance(Duration.ofMinutes(9));
		assertThat(sleep.isFinished()).isFalse();
		this.paused.advance(Duration.ofMinutes(1));
		assertThat(sleep.thenApply((slept) -> true).toCompletableFuture().join()).isTrue();
	}

	@Test
	void longestTimeIsWaitedForAndNoneIsGoneBack() {
		Duration endless = Duration.ofSeconds(Long.MAX_VALUE);
		JoinHandle<Void> sleep = this.runtime.sleep(Duration.ofDays(10_000));
		this.paused.advance(endless);
		this.paused.advance(endless);
		assertThat(sleep.thenApply((slept) -> true).toCompletableFuture().join()).isTrue();
		assertThatIllegalArgumentException().isThrownBy(() -> this.paused.advance(endless.negated()));
	}

	@Test
	@SuppressWarnings("NullAway") // on purpose
	void nullIsRefused() {
		assertThatNullPointerException().isThrownBy(() -> PausedRuntime.start(null));
		assertThatNullPointerException().isThrownBy(() -> this.paused.advance(null));
		assertThatNullPointerException().isThrownBy(() -> this.paused.await(null));
	}

	@Test
	void goesOnInTheNextLifeOfTheRuntime() {
		this.runtime.close();
		this.runtime.restart();
		boolean slept = this.paused.await(this.runtime.sleep(Duration.ofDays(1)).thenApply((none) -> true));
		assertThat(slept).isTrue();
	}

	@RepeatedTest(100) // the clock may jump at any moment
	void worksWithStepVerifier() {
		Scheduler scheduler = StrandScheduler.of(this.runtime);
		StepVerifier.create(Flux.interval(Duration.ofHours(1), scheduler).take(3))
			.then(() -> this.paused.advance(Duration.ofHours(1)))
			.expectNext(0L)
			.then(() -> this.paused.advance(Duration.ofHours(1)))
			.expectNext(1L)
			.then(() -> this.paused.advance(Duration.ofHours(1)))
			.expectNext(2L)
			.expectComplete()
			.verify(Duration.ofSeconds(20));
	}

}
