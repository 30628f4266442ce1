package dev.loopline.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the stealing of a {@link TaskRuntime}.
 */
class TaskRuntimeStealingTests {

	private TaskRuntime runtime;

	@AfterEach
	void endRuntime() {
		this.runtime.close();
	}

	@ParameterizedTest
	@ValueSource(ints = { 2, 3 })
	void strandOfABlockedWorkerIsStolen(int workers) {
		start(workers, (builder) -> {
		});
		awaitStrandsOfABlockedWorker();
		assertThat(steals()).isPositive();
		assertThat(stealOperations()).isPositive().isLessThanOrEqualTo(steals());
	}

	/**
	 * As a socket does whose strand waits in the queue of a blocked worker.
	 */
	@Test
	void strandOfABlockedWorkerIsStolenBesideADriverThatRepeatsItself() {
		this.runtime = TaskRuntime.start(
				TaskRuntimeConfig.of((builder) -> builder.workers(2).stallThreshold(Duration.ofHours(1))),
				RestlessDriver::new);
		awaitStrandsOfABlockedWorker();
	}

	@Test
	void strandsOfABlockedWorkerAreStolenWithoutTheSlotToo() {
		start(2, (builder) -> builder.lifoPolls(0));
		CountDownLatch ran = new CountDownLatch(1);
		CountDownLatch done = new CountDownLatch(1);
		Strand second = this.runtime.newStrand();
		this.runtime.newStrand().execute(() -> {
			second.execute(ran::countDown);
			Await.open(ran);
			done.countDown();
		});
		Await.open(done);
		assertThat(steals()).isEqualTo(1);
	}

	/**
	 * As many strands as workers meet at a barrier, which none can leave alone.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 2, 4 })
	void everyWorkerJoinsIn(int workers) {
		start(workers, (builder) -> {
		});
		CyclicBarrier barrier = new CyclicBarrier(workers);
		Set<Thread> threads = ConcurrentHashMap.newKeySet();
		CountDownLatch met = new CountDownLatch(workers);
		this.runtime.newStrand().execute(() -> {
			for (int i = 0; i < workers; i++) {
				this.runtime.newStrand().execute(() -> {
					threads.add(Thread.currentThread());
					meet(barrier);
					met.countDown();
				});
			}
		});
		Await.open(met);
		assertThat(threads).hasSize(workers);
		assertThat(steals()).isGreaterThanOrEqualTo(workers - 1);
	}

	/**
	 * As one read of a connection wakes a strand for each of its streams.
	 */
	@Test
	void peerIsWokenForTheStrandsOfOneEvent() {
		ManualIoDriver.Factory drivers = new ManualIoDriver.Factory();
		this.runtime = TaskRuntime.start(TaskRuntimeConfig
			.of((builder) -> builder.workers(2).eventInterval(1).stallThreshold(Duration.ofDays(1))), drivers);
		CyclicBarrier barrier = new CyclicBarrier(2);
		CountDownLatch met = new CountDownLatch(2);
		Queue<Integer> asleep = new ConcurrentLinkedQueue<>();
		this.runtime.newStrand().execute(() -> {
			Await.until(() -> this.runtime.scheduler().idleSet().parked() == 1);
			drivers.driver(WorkerThread.current().worker().index).event(() -> {
				for (int i = 0; i < 2; i++) {
					this.runtime.newStrand().execute(() -> {
						asleep.add(this.runtime.scheduler().idleSet().parked());
						meet(barrier);
						met.countDown();
					});
				}
			});
		});
		Await.open(met);
		assertThat(asleep).containsOnly(0);
	}

	@Test
	void floodFromInsideAWorkerOverflowsAndRunsOnce() {
		start(2, (builder) -> builder.queueCapacity(4));
		int strands = 5_000;
		List<Integer> ran = new ArrayList<>();
		CountDownLatch left = new CountDownLatch(strands);
		this.runtime.newStrand().execute(() -> {
			for (int i = 0; i < strands; i++) {
				int number = i;
				this.runtime.newStrand().execute(() -> {
					synchronized (ran) {
						ran.add(number);
					}
					left.countDown();
				});
			}
		});
		Await.open(left);
		synchronized (ran) {
			assertThat(ran).hasSize(strands).doesNotHaveDuplicates();
		}
		Await.until(() -> overflows() > 0);
	}

	@Test
	void currentThreadFlavourStealsNothing() {
		start(1, (builder) -> builder.flavour(TaskRuntimeConfig.Flavour.CURRENT_THREAD));
		CountDownLatch left = new CountDownLatch(1_000);
		this.runtime.newStrand().execute(() -> {
			for (int i = 0; i < 1_000; i++) {
				this.runtime.newStrand().execute(left::countDown);
			}
		});
		Await.open(left);
		assertThat(steals()).isZero();
	}

	/**
	 * The third strand displaces the second from the last-woken slot, so that it can be
	 * stolen.
	 */
	private void awaitStrandsOfABlockedWorker() {
		CountDownLatch ran = new CountDownLatch(2);
		CountDownLatch done = new CountDownLatch(1);
		Strand second = this.runtime.newStrand();
		Strand third = this.runtime.newStrand();
		this.runtime.newStrand().execute(() -> {
			second.execute(ran::countDown);
			third.execute(ran::countDown);
			Await.open(ran);
			done.countDown();
		});
		Await.open(done);
	}

	private void start(int workers, Consumer<TaskRuntimeConfigBuilder> changes) {
		this.runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> {
			// Handoffs would let other threads than thieves join in.
			builder.workers(workers).stallThreshold(Duration.ofDays(1));
			changes.accept(builder);
		}));
	}

	private long steals() {
		return this.runtime.diagnostics()
			.snapshot()
			.workers()
			.stream()
			.mapToLong((worker) -> worker.search().steals())
			.sum();
	}

	private long stealOperations() {
		return this.runtime.diagnostics()
			.snapshot()
			.workers()
			.stream()
			.mapToLong((worker) -> worker.search().stealOperations())
			.sum();
	}

	private long overflows() {
		return this.runtime.diagnostics()
			.snapshot()
			.workers()
			.stream()
			.mapToLong((worker) -> worker.queue().overflows())
			.sum();
	}

	private static void meet(CyclicBarrier barrier) {
		try {
			barrier.await(20, TimeUnit.SECONDS);
		}
		catch (Exception ex) {
			throw new AssertionError(ex);
		}
	}

}
