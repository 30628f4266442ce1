package dev.loopline.runtime;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link QueueDelay} and {@link QueueWaits}.
 */
class QueueDelayTests {

	private static final long MILLI = 1_000_000;

	private final StillRuntime still = new StillRuntime(2);

	private final AtomicInteger processors = new AtomicInteger(2);

	private final QueueDelay delay = new QueueDelay(this.processors::get, 0);

	private long now;

	@Test
	void isShortestWaitOfAllWorkers() {
		polls(0, 50 * MILLI, 30 * MILLI, 90 * MILLI);
		polls(1, 80 * MILLI, 70 * MILLI);
		endInterval();
		assertThat(this.delay.nanos()).isBetween(24 * MILLI, 30 * MILLI);
		assertThat(this.delay.intervals()).isEqualTo(1);
	}

	@Test
	void intervalKnowsNothingOfTheLast() {
		polls(0, 1 * MILLI);
		polls(1, 1 * MILLI);
		endInterval();
		polls(0, 30 * MILLI);
		polls(1, 40 * MILLI);
		endInterval();
		assertThat(this.delay.nanos()).isBetween(24 * MILLI, 30 * MILLI);
	}

	@Test
	void lasts100Millis() {
		this.delay.tick(100 * MILLI - 1, this.still.runtime.scheduler().workers());
		assertThat(this.delay.intervals()).isZero();
		this.delay.tick(100 * MILLI, this.still.runtime.scheduler().workers());
		assertThat(this.delay.intervals()).isEqualTo(1);
	}

	@Test
	void oneWorkerThatLagsMakesNoDelay() {
		polls(0, 80 * MILLI);
		polls(1, 90 * MILLI, 5_000);
		endInterval();
		assertThat(this.delay.nanos()).isLessThan(5_001);
	}

	@Test
	void workerThatSleptOrSleepsHasTime() {
		polls(0, 80 * MILLI);
		polls(1, 90 * MILLI);
		owner(1).stats.parks++;
		endInterval();
		assertThat(this.delay.nanos()).isZero();
		polls(0, 80 * MILLI); // the other one does nothing
		endInterval();
		assertThat(this.delay.nanos()).isZero();
	}

	@Test
	void workerThatHasNoProcessorIsNotMissed() {
		this.processors.set(1);
		polls(0, 80 * MILLI);
		endInterval();
		assertThat(this.delay.nanos()).isBetween(64 * MILLI, 80 * MILLI);
		owner(0).stats.parks++;
		endInterval();
		assertThat(this.delay.nanos()).isZero();
	}

	@Test
	void workerInOneLongPollSaysNothing() {
		polls(0, 80 * MILLI);
		owner(1).stats.polls++;
		endInterval();
		assertThat(this.delay.nanos()).isBetween(64 * MILLI, 80 * MILLI);
		owner(0).stats.polls++;
		owner(1).stats.polls++;
		endInterval();
		assertThat(this.delay.nanos()).isZero();
	}

	/**
	 * What was woken last is run at once even while all others wait for ever.
	 */
	@Test
	void whatJumpsTheLineSaysNothingOfIt() {
		FakeTicker ticker = new FakeTicker();
		try (TaskRuntime runtime = TaskRuntime
			.start(TaskRuntimeConfig.of((builder) -> builder.workers(1).ticker(ticker)))) {
			CountDownLatch gate = new CountDownLatch(1);
			CompletableFuture<WorkerThread> began = new CompletableFuture<>();
			CompletableFuture<Void> jumped = new CompletableFuture<>();
			CompletableFuture<Void> waited = new CompletableFuture<>();
			runtime.newStrand().execute(() -> {
				began.complete(WorkerThread.current());
				Await.open(gate);
				runtime.newStrand().execute(() -> jumped.complete(null));
			});
			QueueWaits waits = Await.result(began).queueWaits;
			waits.takeShortest();
			runtime.newStrand().execute(() -> {
				assertThat(jumped).isDone();
				waited.complete(null);
			});
			ticker.advance(Duration.ofMillis(50));
			gate.countDown();
			Await.result(waited);
			assertThat(waits.takeShortest()).isBetween(40 * MILLI, 50 * MILLI);
		}
	}

	private void polls(int worker, long... waits) {
		for (long wait : waits) {
			owner(worker).queueWaits.record(wait);
			owner(worker).stats.polls++;
		}
	}

	private void endInterval() {
		this.now += QueueDelay.INTERVAL_NANOS;
		this.delay.tick(this.now, this.still.runtime.scheduler().workers());
	}

	private WorkerThread owner(int worker) {
		WorkerThread owner = this.still.worker(worker).owner;
		assertThat(owner).isNotNull();
		return owner;
	}

}
