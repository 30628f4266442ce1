package dev.loopline.runtime;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.loopline.runtime.time.Ticker;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for workers that keep looking for work before they sleep. The clock stands still,
 * so that they look for as long as a test wants.
 */
class IdleSpinTests {

	private static final Duration SPIN = Duration.ofMillis(1);

	private final FakeTicker ticker = new FakeTicker();

	private final ManualIoDriver.Factory drivers = new ManualIoDriver.Factory();

	private TaskRuntime runtime;

	@AfterEach
	void endRuntime() {
		this.runtime.close();
	}

	@Test
	void workSpawnedOutsideIsFoundWithoutAWakeUp() {
		start(1, SPIN);
		awaitSearcher();
		assertThat(this.runtime.spawn(() -> 42).join()).isEqualTo(42);
		awaitSearcher();
		assertThat(parks()).isZero();
	}

	@Test
	void eventIsFoundWithoutAWakeUp() {
		start(1, SPIN);
		awaitSearcher();
		CountDownLatch dispatched = new CountDownLatch(1);
		this.drivers.driver(0).event(dispatched::countDown);
		Await.open(dispatched);
		assertThat(parks()).isZero();
	}

	@Test
	void workOfABusyPeerIsStolenWithoutAWakeUp() {
		start(2, SPIN);
		awaitSearcher();
		CountDownLatch stolen = new CountDownLatch(2);
		this.runtime.spawn(() -> {
			// One stays in the slot
			this.runtime.spawn(countDown(stolen));
			this.runtime.spawn(countDown(stolen));
			this.runtime.spawn(countDown(stolen));
			Await.open(stolen);
			return null;
		}).join();
		assertThat(this.runtime.diagnostics().snapshot().workers()).extracting((worker) -> worker.search().steals())
			.as("steals")
			.anyMatch((steals) -> steals > 0);
	}

	@Test
	void workerSleepsWhenTheTimeIsOver() {
		start(1, SPIN);
		awaitSearcher();
		this.ticker.advance(SPIN.minusNanos(1));
		assertThat(this.runtime.spawn(() -> 42).join()).isEqualTo(42);
		awaitSearcher();
		this.ticker.advance(SPIN.minusNanos(1));
		assertThat(this.runtime.spawn(() -> 43).join()).as("work begins a new wait").isEqualTo(43);
		assertThat(parks()).isZero();
		Await.until(() -> {
			this.ticker.advance(SPIN);
			return this.runtime.diagnostics().snapshot().scheduling().parkedWorkers() == 1;
		});
		assertThat(this.runtime.spawn(() -> 44).join()).isEqualTo(44);
	}

	@Test
	void halfOfTheWorkersSleepAtOnce() {
		start(4, SPIN);
		Await.until(() -> this.runtime.diagnostics().snapshot().scheduling().parkedWorkers() == 2);
		assertThat(this.runtime.diagnostics().snapshot().scheduling().searchingWorkers()).isEqualTo(2);
	}

	@Test
	void everyWorkerSleepsAtOnceByDefault() {
		start(2, Duration.ZERO);
		Await.until(() -> this.runtime.diagnostics().snapshot().scheduling().parkedWorkers() == 2);
	}

	@Test
	void endOfTheRuntimeEndsTheWait() {
		start(1, SPIN);
		awaitSearcher();
		this.runtime.close();
		assertThat(this.runtime.termination().toCompletableFuture()).isCompleted();
	}

	@Test
	void workerSleepsAtOnceWhileTheClockIsPaused() {
		Ticker clock = new Ticker() {

			@Override
			public long nanos() {
				return 1;
			}

			@Override
			public boolean isPaused() {
				return true;
			}

		};
		this.runtime = TaskRuntime
			.start(TaskRuntimeConfig.of((builder) -> builder.workers(1).idleSpin(SPIN).ticker(clock)));
		Await.until(() -> this.runtime.diagnostics().snapshot().scheduling().parkedWorkers() == 1);
	}

	private void start(int workers, Duration spin) {
		this.runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> {
			builder.workers(workers).idleSpin(spin).ticker(this.ticker).stallThreshold(Duration.ofHours(1));
			builder.processors(() -> workers);
		}), this.drivers);
	}

	private void awaitSearcher() {
		Await.until(() -> this.runtime.diagnostics().snapshot().scheduling().searchingWorkers() > 0);
	}

	private long parks() {
		return this.runtime.diagnostics()
			.snapshot()
			.workers()
			.stream()
			.mapToLong((worker) -> worker.search().parks())
			.sum();
	}

	private static Callable<Void> countDown(CountDownLatch latch) {
		return () -> {
			latch.countDown();
			return null;
		};
	}

}
