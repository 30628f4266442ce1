package dev.loopline.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.loopline.runtime.stall.Culprit;
import dev.loopline.runtime.stall.Stall;
import dev.loopline.runtime.stall.StallLog;
import dev.loopline.runtime.stall.Stalls;
import dev.loopline.runtime.stall.WorkDescription;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Monitor}.
 */
class MonitorTests {

	private static final Duration THRESHOLD = Duration.ofMillis(5);

	private static final Duration MILLI = Duration.ofMillis(1);

	private final FakeTicker ticker = new FakeTicker();

	private final FakeProbe probe = new FakeProbe();

	private final UnwatchedThreads threads = new UnwatchedThreads();

	private final ManualIoDriver.Factory drivers = new ManualIoDriver.Factory();

	private final CountDownLatch gate = new CountDownLatch(1);

	private final List<CountDownLatch> ends = new ArrayList<>();

	private TaskRuntime runtime;

	private Monitor monitor;

	@AfterEach
	void endRuntime() {
		this.gate.countDown();
		this.ends.forEach(CountDownLatch::countDown);
		this.runtime.close();
		Await.until(() -> this.threads.alive().isEmpty());
	}

	@Test
	void restsWhenNothingRunsUntilAWorkerWakesUp() {
		start((builder) -> builder.workers(1));
		Await.until(() -> this.runtime.scheduler().idleSet().isAsleep());
		for (int round = 0; round < 2; round++) {
			lookForLong();
			assertThat(this.monitor.periodNanos()).isEqualTo(Duration.ofMillis(100).toNanos());
			this.monitor.workerWokeUp();
			lookAfter(MILLI);
			assertThat(this.monitor.periodNanos()).isEqualTo(Duration.ofMillis(5).toNanos());
		}
	}

	@Test
	void doesNotRestWhileAWorkerIsAwake() {
		start((builder) -> builder.workers(1));
		IdleSet idleSet = this.runtime.scheduler().idleSet();
		Await.until(idleSet::isAsleep);
		lookForLong();
		Worker worker = this.runtime.scheduler().workers()[0];
		idleSet.transitionFromParked(worker);
		lookAfter(Duration.ofMillis(100));
		assertThat(this.monitor.periodNanos()).isEqualTo(Duration.ofMillis(20).toNanos());
		idleSet.transitionToParked(worker, false);
		lookAfter(Duration.ofMillis(20));
		assertThat(this.monitor.periodNanos()).isEqualTo(Duration.ofMillis(100).toNanos());
	}

	@Test
	void threadThatWaitsForTooLongLosesItsWorkerOnce() {
		start((builder) -> builder.workers(1));
		Strand strand = this.runtime.newStrand();
		Thread stuck = block(strand, this.gate);
		this.probe.sayWaiting(stuck);
		lookAfter(MILLI);
		lookAfter(THRESHOLD.minus(MILLI.multipliedBy(2)));
		assertThat(this.monitor.handoffs()).isZero();
		lookAfter(MILLI);
		assertThat(this.monitor.handoffs()).isEqualTo(1);
		awaitSuccessor(stuck);
		assertThat(strand.pace()).isEqualTo(Strand.Pace.BLOCKING);
		for (int i = 0; i < 20; i++) {
			lookAfter(MILLI);
		}
		assertThat(this.monitor.handoffs()).isEqualTo(1);
		assertThat(stalls().count(Stall.Kind.BLOCKING)).isEqualTo(1);
		assertThat(this.monitor.exhaustions()).isZero();
	}

	@Test
	void threadThatUsesTheProcessorForTooLongLosesItsWorker() {
		start((builder) -> builder.workers(1));
		Strand strand = this.runtime.newStrand();
		Thread stuck = block(strand, this.gate);
		this.probe.sayUsed(stuck, Duration.ofSeconds(9));
		this.monitor.tick();
		lookAfter(MILLI);
		this.probe.sayUsed(stuck, THRESHOLD.minus(MILLI));
		lookAfter(THRESHOLD.minus(MILLI));
		assertThat(this.monitor.handoffs()).isEqualTo(1);
		awaitSuccessor(stuck);
		assertThat(strand.pace()).isEqualTo(Strand.Pace.BURNING);
		assertThat(stalls().count(Stall.Kind.BURNING)).isEqualTo(1);
	}

	@Test
	void stallLastsUntilTheThreadGoesOn() {
		start((builder) -> builder.workers(1));
		Strand strand = this.runtime.newStrand();
		strand.setContext(() -> new WorkDescription("peer", "GET /", "Handler"));
		Thread stuck = block(strand, this.gate);
		this.probe.sayWaiting(stuck);
		lookAfter(MILLI);
		lookAfter(THRESHOLD.minus(MILLI));
		Await.until(() -> !stalls().culprits().isEmpty());
		awaitSuccessor(stuck);
		lookAfter(MILLI);
		Stall stall = stalls().running().get(0);
		assertThat(stall.kind()).isEqualTo(Stall.Kind.BLOCKING);
		assertThat(stall.thread()).isEqualTo(stuck.getName());
		assertThat(stall.work().route()).isEqualTo("GET /");
		assertThat(stall.duration()).isEqualTo(THRESHOLD.plus(MILLI));
		assertThat(stall.culprit()).isEqualTo(FakeProbe.HANDLER);
		strand.setContext(null);
		this.ticker.advance(MILLI);
		this.gate.countDown();
		Await.until(() -> stalls().running().isEmpty());
		assertThat(stalls().time(Stall.Kind.BLOCKING)).isEqualTo(THRESHOLD.plus(MILLI).plus(MILLI));
		Culprit culprit = stalls().culprits().get(0);
		assertThat(culprit.max()).isEqualTo(THRESHOLD.plus(MILLI).plus(MILLI));
		assertThat(culprit.lastWork().route()).isEqualTo("GET /");
	}

	@Test
	void handlerThatNeverReturnsIsAStallThatGrows() {
		start((builder) -> builder.workers(1));
		this.probe.sayWaiting(block(this.runtime.newStrand(), this.gate));
		lookAfter(MILLI);
		lookAfter(THRESHOLD.minus(MILLI));
		for (int i = 1; i <= 1000; i++) {
			lookAfter(THRESHOLD);
		}
		assertThat(stalls().running()).extracting(Stall::duration).containsExactly(THRESHOLD.multipliedBy(1001));
		assertThat(stalls().count(Stall.Kind.BLOCKING)).isEqualTo(1);
	}

	@Test
	void threadThatWasNotGivenTheProcessorKeepsItsWorker() {
		start((builder) -> builder.workers(1));
		Thread slow = block(this.runtime.newStrand(), this.gate);
		this.probe.sayUsed(slow, Duration.ofSeconds(9));
		this.monitor.tick();
		lookAfter(MILLI);
		for (int i = 0; i < 20; i++) {
			lookAfter(MILLI);
		}
		this.probe.sayUsed(slow, THRESHOLD.minus(MILLI).minus(MILLI));
		lookAfter(MILLI);
		assertThat(this.monitor.handoffs()).isZero();
		assertThat(stalls().count(Stall.Kind.BURNING)).isZero();
		assertThat(owner().thread()).isSameAs(slow);
		this.probe.sayUsed(slow, MILLI);
		lookAfter(MILLI);
		assertThat(this.monitor.handoffs()).isEqualTo(1);
		awaitSuccessor(slow);
	}

	@Test
	void threadThatWaitsForAMomentAfterItWasNotGivenTheProcessorKeepsItsWorker() {
		start((builder) -> builder.workers(1));
		Strand strand = this.runtime.newStrand();
		Thread thread = block(strand, this.gate);
		lookAfter(MILLI);
		for (int i = 0; i < 20; i++) {
			this.probe.sayDelayed(thread, MILLI);
			lookAfter(MILLI);
		}
		this.probe.sayWaiting(thread);
		lookAfter(MILLI);
		assertThat(this.monitor.handoffs()).isZero();
		assertThat(stalls().running()).isEmpty();
		assertThat(strand.handoffs(Stall.Kind.BLOCKING)).isZero();
	}

	@Test
	void pauseOfEverybodyIsNobodysStall() {
		start((builder) -> builder.workers(1));
		Thread thread = block(this.runtime.newStrand(), this.gate);
		this.probe.sayWaiting(thread);
		this.monitor.tick();
		lookAfter(Duration.ofSeconds(1));
		lookAfter(THRESHOLD.minus(MILLI));
		assertThat(this.monitor.handoffs()).isZero();
		assertThat(this.runtime.diagnostics().stalls().running()).isEmpty();
		assertThat(owner().thread()).isSameAs(thread);
		lookAfter(MILLI);
		assertThat(this.monitor.handoffs()).isEqualTo(1);
		awaitSuccessor(thread);
	}

	@Test
	void processorTimeBeforeAPauseDoesNotCount() {
		start((builder) -> builder.workers(1));
		Thread thread = block(this.runtime.newStrand(), this.gate);
		this.monitor.tick();
		this.probe.sayUsed(thread, Duration.ofSeconds(1));
		lookAfter(Duration.ofSeconds(1));
		for (int i = 0; i < 20; i++) {
			lookAfter(MILLI);
		}
		assertThat(this.monitor.handoffs()).isZero();
	}

	@Test
	void pollsThatEndInTimeAreNotTakenForALongOne() {
		start((builder) -> builder.workers(1));
		for (int i = 0; i < 5; i++) {
			CountDownLatch end = new CountDownLatch(1);
			Strand strand = this.runtime.newStrand();
			this.probe.sayWaiting(block(strand, end));
			this.monitor.tick();
			this.ticker.advance(THRESHOLD.minus(MILLI));
			end.countDown();
			Await.until(() -> this.runtime.diagnostics().snapshot().scheduling().parkedWorkers() == 1);
		}
		this.monitor.tick();
		assertThat(this.monitor.handoffs()).isZero();
		assertThat(stalls().culprits()).isEmpty();
	}

	@Test
	void pauseOfEverybodyDoesNotEndAStall() {
		start((builder) -> builder.workers(1).blockingThreads(1));
		keepThreadsBusy();
		this.probe.sayWaiting(block(this.runtime.newStrand(), this.gate));
		lookAfter(MILLI);
		lookAfter(THRESHOLD.minus(MILLI));
		lookAfter(Duration.ofSeconds(1));
		lookAfter(THRESHOLD);
		assertThat(stalls().count(Stall.Kind.BLOCKING)).isEqualTo(1);
		assertThat(stalls().running()).hasSize(1);
	}

	@Test
	void pollThatEndedWhileTheSpareThreadStartedKeepsItsWorker() {
		start((builder) -> builder.workers(1));
		CountDownLatch end = new CountDownLatch(1);
		Thread thread = block(this.runtime.newStrand(), end);
		WorkerThread owner = owner();
		long start = owner.pollStart();
		this.ticker.advance(THRESHOLD);
		end.countDown();
		Await.until(() -> owner.pollStart() != start);
		assertThat(Handoff.start(this.runtime.scheduler(), this.runtime.scheduler().workers()[0], owner, start,
				Strand.Pace.BLOCKING))
			.isTrue();
		Await.until(() -> this.runtime.diagnostics().snapshot().blocking().idleThreads() == 1);
		assertThat(block(this.runtime.newStrand(), this.gate)).isSameAs(thread);
		assertThat(owner()).isSameAs(owner);
	}

	@Test
	void stallIsHandedOffOnceHoweverLongTheSpareThreadTakes() {
		CountDownLatch late = new CountDownLatch(1);
		AtomicInteger created = new AtomicInteger();
		start((builder) -> builder.workers(1)
			.threadFactory((runnable) -> this.threads
				.newThread((runnable instanceof Monitor || created.getAndIncrement() == 0) ? runnable : () -> {
					Await.open(late);
					runnable.run();
				})));
		Thread stuck = block(this.runtime.newStrand(), this.gate);
		this.probe.sayWaiting(stuck);
		lookAfter(MILLI);
		lookAfter(THRESHOLD.minus(MILLI));
		lookAfter(MILLI);
		lookAfter(MILLI);
		late.countDown();
		awaitSuccessor(stuck);
		assertThat(this.monitor.handoffs()).isEqualTo(1);
	}

	@Test
	void stallWithoutASpareThreadIsCountedAndHandedOffLater() {
		start((builder) -> builder.workers(1).blockingThreads(1));
		CountDownLatch jobEnd = keepThreadsBusy();
		Thread stuck = block(this.runtime.newStrand(), this.gate);
		this.probe.sayWaiting(stuck);
		lookAfter(MILLI);
		lookAfter(THRESHOLD.minus(MILLI));
		lookAfter(MILLI);
		assertThat(this.monitor.exhaustions()).isEqualTo(2);
		assertThat(stalls().count(Stall.Kind.BLOCKING)).isEqualTo(1);
		assertThat(this.monitor.handoffs()).isZero();
		assertThat(owner().thread()).isSameAs(stuck);
		jobEnd.countDown();
		Await.until(() -> this.runtime.diagnostics().snapshot().blocking().idleThreads() > 0);
		lookAfter(MILLI);
		assertThat(this.monitor.exhaustions()).isEqualTo(2);
		assertThat(this.monitor.handoffs()).isEqualTo(1);
		awaitSuccessor(stuck);
	}

	@Test
	void systemWithoutThreadsIsAskedOnceASecondAndNamed() {
		AtomicBoolean scarce = new AtomicBoolean();
		start((builder) -> builder.workers(1).threadFactory((runnable) -> {
			if (scarce.get()) {
				throw new OutOfMemoryError("unable to create native thread (expected)");
			}
			return this.threads.newThread(runnable);
		}));
		Thread stuck = block(this.runtime.newStrand(), this.gate);
		this.probe.sayWaiting(stuck);
		scarce.set(true);
		lookAfter(MILLI);
		lookAfter(THRESHOLD.minus(MILLI));
		for (int i = 0; i < 20; i++) {
			lookAfter(MILLI);
		}
		assertThat(this.runtime.diagnostics().snapshot().blocking().startFailures()).isEqualTo(1);
		assertThat(this.monitor.handoffs()).isZero();
		try (LogCapture log = new LogCapture(Exhaustion.class)) {
			scarce.set(false);
			for (int i = 0; i < 100; i++) {
				lookAfter(MILLI.multipliedBy(10));
			}
			awaitSuccessor(stuck);
			Await.until(() -> log.messages().size() == 1);
			assertThat(log.messages().get(0)).startsWith("No more threads can be started");
		}
		assertThat(this.monitor.handoffs()).isEqualTo(1);
	}

	/**
	 * The thread still has its worker, and does not look for stalls.
	 */
	@Test
	void stallWithoutASpareThreadIsEndedByTheMonitor() {
		start((builder) -> builder.workers(1).blockingThreads(1));
		keepThreadsBusy();
		CountDownLatch end = new CountDownLatch(1);
		Thread stuck = block(this.runtime.newStrand(), end);
		this.probe.sayWaiting(stuck);
		lookAfter(MILLI);
		lookAfter(THRESHOLD.minus(MILLI));
		end.countDown();
		block(this.runtime.newStrand(), this.gate);
		assertThat(stalls().running()).hasSize(1);
		lookAfter(MILLI);
		assertThat(stalls().running()).isEmpty();
		assertThat(stalls().time(Stall.Kind.BLOCKING)).isEqualTo(THRESHOLD.plus(MILLI));
	}

	@Test
	void exhaustionIsSaidOnceAMinuteAndEndsByItself() {
		start((builder) -> builder.workers(1).blockingThreads(1));
		CountDownLatch jobEnd = keepThreadsBusy();
		this.probe.sayWaiting(block(this.runtime.newStrand(), this.gate));
		try (LogCapture log = new LogCapture(Exhaustion.class)) {
			lookAfter(MILLI);
			assertThat(exhaustedFor()).isZero();
			lookAfter(THRESHOLD.minus(MILLI));
			lookAfter(MILLI);
			lookAfter(MILLI);
			assertThat(exhaustedFor()).isEqualTo(MILLI.multipliedBy(2));
			Await.until(() -> log.messages().size() == 1);
			assertThat(log.messages().get(0)).contains("All 4 blocking threads", "raise blockingThreads");
			for (int i = 0; i < 12_000; i++) {
				lookAfter(THRESHOLD);
			}
			Await.until(() -> log.messages().size() == 2);
			jobEnd.countDown();
			Await.until(() -> this.runtime.diagnostics().snapshot().blocking().idleThreads() > 0);
			lookAfter(MILLI);
			assertThat(exhaustedFor()).isZero();
			assertThat(this.monitor.handoffs()).isEqualTo(1);
		}
	}

	@Test
	void strandsThatAreKnownToBlockLeaveThreadsForStuckWorkers() {
		start((builder) -> builder.workers(1).blockingThreads(2).blockingOn(BlockingThreads.PLATFORM, 0));
		blockInTheLane(2);
		CountDownLatch ran = new CountDownLatch(1);
		this.runtime.newStrand(StrandOptions.DEFAULTS.blocking()).execute(ran::countDown);
		Await.until(() -> this.runtime.diagnostics().snapshot().lane().depth() == 1);
		for (int handoffs = 1; handoffs <= 2; handoffs++) {
			Thread stuck = block(this.runtime.newStrand(), this.gate);
			this.probe.sayWaiting(stuck);
			lookAfter(MILLI);
			lookAfter(THRESHOLD.minus(MILLI));
			awaitSuccessor(stuck);
			assertThat(this.monitor.handoffs()).isEqualTo(handoffs);
		}
		assertThat(this.monitor.exhaustions()).isZero();
		assertThat(exhaustedFor()).isZero();
		assertThat(ran.getCount()).isOne();
	}

	/**
	 * The last-woken strand wakes nobody: its waker is expected to be done in a moment.
	 */
	@Test
	void sleeperIsWokenForTheStrandBehindALongPoll() {
		start((builder) -> builder.workers(2));
		CompletableFuture<Thread> ran = new CompletableFuture<>();
		Strand second = this.runtime.newStrand();
		Thread busy = blockAfter(() -> second.execute(() -> ran.complete(Thread.currentThread())));
		this.monitor.tick();
		assertThat(this.runtime.diagnostics().snapshot().scheduling().parkedWorkers()).isEqualTo(1);
		lookAfter(MILLI);
		assertThat(Await.result(ran)).isNotSameAs(busy);
		assertThat(this.monitor.handoffs()).isZero();
	}

	@Test
	void sleeperIsWokenForTheDriverBehindALongPoll() {
		start((builder) -> builder.workers(2));
		CompletableFuture<Thread> dispatched = new CompletableFuture<>();
		Thread busy = blockAfter(() -> {
		});
		int index = (this.runtime.scheduler().workers()[0].owner.thread() == busy) ? 0 : 1;
		this.drivers.driver(index).event(() -> dispatched.complete(Thread.currentThread()));
		this.monitor.tick();
		assertThat(this.runtime.diagnostics().snapshot().scheduling().parkedWorkers()).isEqualTo(1);
		lookAfter(MILLI);
		assertThat(Await.result(dispatched)).isNotSameAs(busy);
	}

	/**
	 * It did not yet know that it had lost its worker.
	 */
	@Test
	void sleeperIsWokenForTheStrandOfAThreadThatLostItsWorker() {
		start((builder) -> builder.workers(2));
		CompletableFuture<Thread> ran = new CompletableFuture<>();
		Strand second = this.runtime.newStrand();
		Thread stuck = blockAfter(() -> second.execute(() -> ran.complete(Thread.currentThread())));
		WorkerThread loser = null;
		for (WorkerThread thread : this.runtime.scheduler().threads()) {
			loser = (thread.thread() == stuck) ? thread : loser;
		}
		assertThat(loser).isNotNull();
		assertThat(loser.seize(loser.pollStart())).isTrue();
		this.monitor.tick();
		assertThat(Await.result(ran)).isNotSameAs(stuck);
	}

	@Test
	void successorRunsWhatWaitsBehindTheStuckPoll() {
		start((builder) -> builder.workers(1));
		CompletableFuture<Thread> ran = new CompletableFuture<>();
		CompletableFuture<Thread> dispatched = new CompletableFuture<>();
		CountDownLatch offered = new CountDownLatch(1);
		Strand second = this.runtime.newStrand();
		CompletableFuture<Thread> stuck = new CompletableFuture<>();
		this.runtime.newStrand().execute(() -> {
			stuck.complete(Thread.currentThread());
			second.execute(() -> ran.complete(Thread.currentThread()));
			offered.countDown();
			Await.open(this.gate);
		});
		Await.open(offered);
		this.drivers.driver(0).event(() -> dispatched.complete(Thread.currentThread()));
		Thread thread = Await.result(stuck);
		this.probe.sayWaiting(thread);
		lookAfter(MILLI);
		lookAfter(THRESHOLD.minus(MILLI));
		assertThat(Await.result(ran)).isNotSameAs(thread);
		assertThat(Await.result(dispatched)).isSameAs(Await.result(ran));
	}

	private Stalls stalls() {
		return this.runtime.diagnostics().stalls();
	}

	private Duration exhaustedFor() {
		return this.monitor.exhaustion().duration(this.ticker.nanos());
	}

	/**
	 * Takes all blocking threads, the reserve included.
	 */
	private CountDownLatch keepThreadsBusy() {
		CountDownLatch end = new CountDownLatch(1);
		this.ends.add(end);
		int reserve = this.runtime.scheduler().reserve().total();
		while (this.runtime.scheduler().blockingPool().tryExecute(() -> Await.open(end), reserve)) {
			// There are more.
		}
		return end;
	}

	/**
	 * Takes all blocking threads but the reserve.
	 */
	private void blockInTheLane(int strands) {
		CountDownLatch running = new CountDownLatch(strands);
		for (int i = 0; i < strands; i++) {
			this.runtime.newStrand(StrandOptions.DEFAULTS.blocking()).execute(() -> {
				running.countDown();
				Await.open(this.gate);
			});
		}
		Await.open(running);
	}

	private void start(Consumer<TaskRuntimeConfigBuilder> changes) {
		this.runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> {
			builder.ticker(this.ticker)
				.threadFactory(this.threads)
				.stallLog(StallLog.OFF)
				.stallThreshold(THRESHOLD)
				.driverDelay(MILLI.dividedBy(2));
			changes.accept(builder);
		}), this.drivers);
		this.monitor = new Monitor(this.runtime.scheduler(), this.probe);
	}

	private void lookForLong() {
		for (int i = 0; i < 60; i++) {
			lookAfter(Duration.ofNanos(this.monitor.periodNanos()));
		}
	}

	private void lookAfter(Duration time) {
		this.ticker.advance(time);
		this.monitor.tick();
	}

	private WorkerThread owner() {
		return this.runtime.scheduler().workers()[0].owner;
	}

	private void awaitSuccessor(Thread stuck) {
		Await.until(() -> owner().thread() != null && owner().thread() != stuck);
	}

	/**
	 * Keeps a worker in a poll of the strand until the end.
	 */
	private Thread block(Strand strand, CountDownLatch end) {
		CompletableFuture<Thread> running = new CompletableFuture<>();
		strand.execute(() -> {
			running.complete(Thread.currentThread());
			Await.open(end);
		});
		return Await.result(running);
	}

	/**
	 * Keeps one of two workers in a poll that does something once the other one sleeps.
	 */
	private Thread blockAfter(Runnable action) {
		CompletableFuture<Thread> running = new CompletableFuture<>();
		CountDownLatch acted = new CountDownLatch(1);
		this.runtime.newStrand().execute(() -> {
			Await.until(() -> this.runtime.diagnostics().snapshot().scheduling().parkedWorkers() == 1
					&& this.runtime.diagnostics().snapshot().scheduling().searchingWorkers() == 0);
			action.run();
			running.complete(Thread.currentThread());
			acted.countDown();
			Await.open(this.gate);
		});
		Await.open(acted);
		return Await.result(running);
	}

}
