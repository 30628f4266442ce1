package dev.loopline.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a runtime of four workers whose container is resized.
 */
class ResizeTests {

	private static final int WORKERS = 4;

	/** So long that no poll is a long one because of a resize. */
	private static final Duration DRIVER_DELAY = Duration.ofSeconds(2);

	private final FakeTicker ticker = new FakeTicker();

	private final UnwatchedThreads threads = new UnwatchedThreads();

	private final ManualIoDriver.Factory drivers = new ManualIoDriver.Factory();

	private final AtomicInteger available = new AtomicInteger(WORKERS);

	private final List<Work> works = new ArrayList<>();

	private final TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> {
		builder.ticker(this.ticker)
			.threadFactory(this.threads)
			.stallThreshold(Duration.ofDays(1))
			.driverDelay(DRIVER_DELAY);
		builder.processors(this.available::get);
	}), this.drivers);

	private final Scheduler scheduler = this.runtime.scheduler();

	private final IdleSet idleSet = this.scheduler.idleSet();

	private final Monitor monitor = new Monitor(this.scheduler, new FakeProbe());

	@BeforeEach
	void awaitSleep() {
		Await.until(this.idleSet::isAsleep);
	}

	@AfterEach
	void endRuntime() {
		this.works.forEach((work) -> work.gate.countDown());
		this.runtime.close();
		Await.until(() -> this.threads.alive().isEmpty());
	}

	@Test
	void nobodyIsWokenWhileAsManyWorkersAreAwakeAsThereAreProcessors() {
		shrink();
		Work first = new Work();
		Await.open(first.started);
		Work second = new Work();
		assertThat(this.idleSet.parked()).isEqualTo(WORKERS - 1);
		first.gate.countDown();
		Await.open(second.started);
		assertThat(this.idleSet.parked()).isEqualTo(WORKERS - 1);
	}

	/**
	 * And those that sleep do not hide how long work waits.
	 */
	@Test
	void workersThatWereAskedForBeyondTheProcessorsAreNotWokenEither() {
		try (TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> {
			builder.ticker(this.ticker).threadFactory(this.threads).stallThreshold(Duration.ofDays(1)).workers(WORKERS);
			builder.processors(() -> 1);
		}))) {
			IdleSet idle = runtime.scheduler().idleSet();
			assertThat(StrandIo.workersForIo(runtime)).isEqualTo(1);
			Await.until(idle::isAsleep);
			CountDownLatch gate = new CountDownLatch(1);
			CompletableFuture<WorkerThread> first = new CompletableFuture<>();
			runtime.newStrand().execute(() -> {
				first.complete(WorkerThread.current());
				Await.open(gate);
			});
			WorkerThread busy = Await.result(first);
			runtime.newStrand().execute(() -> {
			});
			assertThat(idle.parked()).isEqualTo(WORKERS - 1);
			Monitor monitor = new Monitor(runtime.scheduler(), new FakeProbe());
			this.ticker.advance(Duration.ofNanos(QueueDelay.INTERVAL_NANOS));
			monitor.tick(); // of what was before
			busy.queueWaits.record(Duration.ofMillis(80).toNanos());
			busy.stats.polls++;
			this.ticker.advance(Duration.ofNanos(QueueDelay.INTERVAL_NANOS));
			monitor.tick();
			assertThat(monitor.queueDelay().nanos()).isBetween(64_000_000L, 80_000_000L);
			gate.countDown();
		}
	}

	@Test
	void whatWaitsIsRunAsSoonAsThereAreMoreProcessors() {
		shrink();
		Await.open(new Work().started);
		Work second = new Work();
		Work third = new Work();
		resize(WORKERS);
		Await.open(second.started);
		Await.open(third.started);
	}

	@Test
	void moreProcessorsThanWorkersWakeAllWorkers() {
		resize(8);
		for (int i = 0; i < WORKERS; i++) {
			Await.open(new Work().started);
		}
		assertThat(this.idleSet.parked()).isZero();
		assertThat(this.runtime.diagnostics().snapshot().scheduling().processors()).isEqualTo(8);
	}

	@Test
	void pollThatTakesLongDoesNotKeepOthersWaiting() {
		shrink();
		Await.open(new Work().started);
		Work second = new Work();
		lookAfter(DRIVER_DELAY);
		Await.open(second.started);
		Work third = new Work();
		lookAfter(DRIVER_DELAY);
		Await.open(third.started);
	}

	@Test
	void eventsOfAWorkerThatMayNotHelpOthersAreDispatched() {
		shrink();
		Await.open(new Work().started);
		for (int worker = 0; worker < WORKERS; worker++) {
			if (this.scheduler.workers()[worker].owner.pollStart() == 0) {
				CountDownLatch dispatched = new CountDownLatch(1);
				this.drivers.driver(worker).event(dispatched::countDown);
				this.drivers.driver(worker).wakeup();
				Await.open(dispatched);
			}
		}
	}

	/**
	 * The monitor counts on polls, not on who says that it is awake.
	 */
	@Test
	void workThatNobodyGetsToIsRescued() {
		shrink();
		this.idleSet.transitionFromParked(this.scheduler.workers()[0]);
		Work work = new Work();
		assertThat(this.idleSet.parked()).isEqualTo(WORKERS - 1);
		lookAfter(Duration.ofMillis(5));
		lookAfter(Duration.ofMillis(5));
		Await.open(work.started);
		this.idleSet.transitionToParked(this.scheduler.workers()[0], false);
	}

	@Test
	void burnersGetAsManyThreadsAsThereAreProcessors() {
		shrink();
		this.ticker.advance(Duration.ofNanos(Processors.PERIOD_NANOS)); // before anybody
																		// waits
		List<Work> burners = new ArrayList<>();
		for (int i = 0; i < 9; i++) {
			burners.add(new Work(Strand.Pace.BURNING));
		}
		SlowLane lane = this.scheduler.slowLane();
		Await.until(() -> lane.depth() == 8);
		this.available.set(6);
		this.monitor.tick();
		assertThat(lane.depth()).isEqualTo(3);
		resize(2);
		assertThat(lane.depth()).as("one has waited for too long").isEqualTo(2);
		Await.until(() -> burners.stream().filter(Work::hasStarted).count() == 7);
		List<Work> running = burners.stream().filter(Work::hasStarted).toList();
		running.subList(0, 5).forEach((burner) -> burner.gate.countDown());
		Await.until(() -> this.scheduler.blockingPool().idleThreads() == 5);
		assertThat(lane.depth()).isEqualTo(2);
		running.get(5).gate.countDown();
		Await.until(() -> lane.depth() == 1);
	}

	/**
	 * Without a monitor that would come to the rescue.
	 */
	@Test
	void nothingIsLostWhileTheNumberOfProcessorsChanges() {
		int producers = 2;
		int chains = 2_000;
		int length = 5;
		CountDownLatch left = new CountDownLatch(producers * chains * length);
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < producers; i++) {
			Thread producer = new Thread(() -> {
				for (int chain = 0; chain < chains; chain++) {
					spread(length, left);
				}
			});
			threads.add(producer);
			producer.start();
		}
		while (threads.stream().anyMatch(Thread::isAlive)) {
			this.idleSet.limit(1 + ThreadLocalRandom.current().nextInt(WORKERS));
			Thread.yield();
		}
		this.idleSet.limit(1);
		Await.open(left);
	}

	/**
	 * Each wakes the next and leaves another one in the queue of its worker.
	 */
	private void spread(int length, CountDownLatch left) {
		this.runtime.newStrand().execute(() -> {
			left.countDown();
			if (length > 2) {
				spread(length - 2, left);
				this.runtime.newStrand().execute(left::countDown);
			}
		});
	}

	private void shrink() {
		resize(1);
		Await.until(this.idleSet::isAsleep);
	}

	private void resize(int processors) {
		this.available.set(processors);
		lookAfter(Duration.ofNanos(Processors.PERIOD_NANOS));
		assertThat(this.scheduler.processors().count()).isEqualTo(processors);
	}

	private void lookAfter(Duration time) {
		this.ticker.advance(time);
		this.monitor.tick();
	}

	/**
	 * Something that runs until the gate opens.
	 */
	private final class Work {

		private final CountDownLatch started = new CountDownLatch(1);

		private final CountDownLatch gate = new CountDownLatch(1);

		Work() {
			this(Strand.Pace.FAST);
		}

		Work(Strand.Pace pace) {
			ResizeTests.this.works.add(this);
			Strand strand = ResizeTests.this.runtime.newStrand();
			strand.setPace(pace);
			strand.execute(() -> {
				this.started.countDown();
				Await.open(this.gate);
			});
		}

		boolean hasStarted() {
			return this.started.getCount() == 0;
		}

	}

}
