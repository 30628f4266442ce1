package dev.loopline.runtime;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UnobservedFailures}.
 */
class UnobservedFailuresTests {

	private final StillRuntime still = new StillRuntime();

	private final LogCapture log = new LogCapture(JoinHandle.class);

	@AfterEach
	void close() {
		this.log.close();
	}

	@Test
	void failureIsLoggedOnceAfterItsGrace() {
		JoinHandle<Object> handle = spawnFailing("forgotten");
		runAfter(Duration.ofMillis(500));
		assertThat(this.log.events()).isEmpty();
		runAfter(Duration.ofMillis(501));
		assertThat(this.log.messages()).containsExactly(handle + " failed and nobody looked at its outcome");
		assertThat(this.log.events().get(0).getThrowableProxy().getMessage()).isEqualTo("forgotten");
		runAfter(Duration.ofSeconds(10));
		assertThat(this.log.events()).hasSize(1);
	}

	@Test
	void failureThatSomebodyLooksAtIsNotLogged() {
		spawnFailing("joined").exceptionally((ex) -> null);
		spawnFailing("combined").toCompletableFuture();
		CompletableFuture.completedFuture(1).thenCombine(spawnFailing("other"), (a, b) -> a);
		runAfter(Duration.ofSeconds(2));
		assertThat(this.log.events()).isEmpty();
	}

	@Test
	void interestBeforeTheFailureCounts() {
		JoinHandle<Object> handle = this.still.runtime.spawn(() -> {
			throw new IllegalStateException("early");
		});
		handle.whenComplete((value, ex) -> {
		});
		this.still.drain();
		runAfter(Duration.ofSeconds(2));
		assertThat(this.log.events()).isEmpty();
	}

	@Test
	void looksAtStateAreNoInterest() {
		JoinHandle<Object> handle = spawnFailing("seen");
		assertThat(handle.isFinished()).isTrue();
		assertThat(handle.name()).isNotEmpty();
		runAfter(Duration.ofSeconds(2));
		assertThat(this.log.events()).hasSize(1);
	}

	@Test
	void abortIsNoFailure() {
		this.still.runtime.spawn(() -> 1).abort();
		this.still.drain();
		runAfter(Duration.ofSeconds(2));
		assertThat(this.log.events()).isEmpty();
	}

	@Test
	void laterFailuresGetTheirOwnGrace() {
		spawnFailing("first");
		runAfter(Duration.ofMillis(600));
		spawnFailing("second");
		runAfter(Duration.ofMillis(600));
		assertThat(this.log.events()).hasSize(1);
		runAfter(Duration.ofMillis(600));
		assertThat(this.log.events()).hasSize(2);
	}

	@Test
	void storingTooManyLogsTheOldestEarly() {
		for (int i = 0; i < 1_030; i++) {
			spawnFailing("storm");
		}
		assertThat(this.log.events()).hasSize(6);
	}

	private JoinHandle<Object> spawnFailing(String message) {
		JoinHandle<Object> handle = this.still.runtime.spawn(() -> {
			throw new IllegalStateException(message);
		});
		this.still.drain();
		return handle;
	}

	private void runAfter(Duration time) {
		this.still.ticker.advance(time);
		this.still.fireTimers();
		this.still.drain();
		this.still.fireTimers();
		this.still.drain();
	}

}
