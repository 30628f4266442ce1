package dev.loopline.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.loopline.runtime.stall.Stall;
import dev.loopline.runtime.time.Ticker;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SlowLane}.
 */
class SlowLaneTests {

	private static final Duration THRESHOLD = Duration.ofMillis(5);

	private static final Duration PATIENCE = Duration.ofMillis(100);

	private final FakeTicker ticker = new FakeTicker();

	private final FakeProbe probe = new FakeProbe();

	private final UnwatchedThreads threads = new UnwatchedThreads();

	private final List<Job> jobs = Collections.synchronizedList(new ArrayList<>());

	private TaskRuntime runtime;

	private SlowLane lane;

	@AfterEach
	void endRuntime() {
		this.jobs.forEach((job) -> job.gate.countDown());
		this.runtime.shutdown(Duration.ZERO, Duration.ofMillis(100));
		Await.result(this.runtime.termination());
		Await.until(() -> this.threads.alive().isEmpty());
	}

	@Test
	void burnersAreAdmittedInOrder() {
		start(1, 8);
		Job first = submit(Strand.Pace.BURNING);
		Job second = submit(Strand.Pace.BURNING);
		Job third = submit(Strand.Pace.BURNING);
		Await.open(first.started);
		assertThat(this.lane.depth()).isEqualTo(2);
		first.gate.countDown();
		Await.open(second.started);
		assertThat(this.lane.depth()).isEqualTo(1);
		assertThat(this.lane.admissions()).isEqualTo(2);
		second.gate.countDown();
		Await.open(third.started);
		assertThat(this.lane.depth()).isZero();
	}

	@Test
	void blockingStrandPassesBurnersThatWait() {
		start(1, 8);
		Await.open(submit(Strand.Pace.BURNING).started);
		submit(Strand.Pace.BURNING);
		Await.open(submit(Strand.Pace.BLOCKING).started);
		assertThat(this.lane.depth()).isEqualTo(1);
	}

	@Test
	void olderOneOfABurnerAndABlockerGetsTheThread() {
		start(1, 1);
		Job blocker = submit(Strand.Pace.BLOCKING);
		Await.open(blocker.started);
		Job stuck = submit(Strand.Pace.BLOCKING);
		Await.open(stuck.started);
		this.probe.sayWaiting(stuck.thread);
		Job older = submit(Strand.Pace.BURNING);
		Job younger = submit(Strand.Pace.BLOCKING);
		assertThat(this.lane.depth()).isEqualTo(2);
		blocker.gate.countDown();
		Await.until(() -> {
			look();
			return this.lane.depth() == 1;
		});
		Await.open(older.started);
		assertThat(younger.started.getCount()).isOne();
	}

	@Test
	void blockersDoNotPostponeTheEndOfABurnersPatience() {
		start(1, 8);
		Await.open(submit(Strand.Pace.BURNING).started);
		Job waiting = submit(Strand.Pace.BURNING);
		this.ticker.advance(PATIENCE);
		Await.open(submit(Strand.Pace.BLOCKING).started);
		this.ticker.advance(Duration.ofNanos(1));
		look();
		Await.open(waiting.started);
	}

	@Test
	void blockingStrandsNeedNoPermit() {
		start(1, 8);
		Await.open(submit(Strand.Pace.BURNING).started);
		for (int i = 0; i < 5; i++) {
			Await.open(submit(Strand.Pace.BLOCKING).started);
		}
		assertThat(this.lane.depth()).isZero();
		assertThat(this.lane.admissions()).isEqualTo(6);
	}

	@Test
	void noMoreBurnersRunAtATimeThanThereArePermits() {
		start(2, 8);
		AtomicInteger inside = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		int strands = 50;
		CountDownLatch left = new CountDownLatch(strands);
		for (int i = 0; i < strands; i++) {
			Strand strand = scheduled(Strand.Pace.BURNING, () -> {
				most.accumulateAndGet(inside.incrementAndGet(), Math::max);
				Thread.yield();
				inside.decrementAndGet();
				left.countDown();
			});
			this.lane.submit(strand);
		}
		Await.open(left);
		assertThat(most.get()).isBetween(1, 2);
	}

	@Test
	void threadThatWaitsGivesItsPermitToTheNextAndTakesItBackWhenItRunsAgain() {
		start(1, 8);
		Job first = submit(Strand.Pace.BURNING);
		Job second = submit(Strand.Pace.BURNING);
		Job third = submit(Strand.Pace.BURNING);
		Await.open(first.started);
		look();
		assertThat(this.lane.admissions()).isEqualTo(1);
		this.probe.sayWaiting(first.thread);
		look();
		Await.open(second.started);
		assertThat(this.lane.admissions()).isEqualTo(2);
		this.probe.sayRunnable(first.thread);
		look();
		second.gate.countDown();
		Await.until(() -> this.runtime.scheduler().blockingPool().idleThreads() == 1);
		look();
		assertThat(this.lane.admissions()).isEqualTo(2);
		first.gate.countDown();
		Await.open(third.started);
	}

	@Test
	void strandThatBurnsAgainstExpectationTakesAPermit() {
		start(1, 8);
		Job blocking = submit(Strand.Pace.BLOCKING);
		Await.open(blocking.started);
		look();
		Job burner = submit(Strand.Pace.BURNING);
		assertThat(this.lane.depth()).isEqualTo(1);
		this.probe.sayWaiting(blocking.thread);
		look();
		Await.open(burner.started);
	}

	@Test
	void burnerThatNeverEndsDoesNotKeepOthersOutForEver() {
		start(1, 8);
		Await.open(submit(Strand.Pace.BURNING).started);
		this.ticker.advance(PATIENCE.multipliedBy(5));
		Job second = submit(Strand.Pace.BURNING);
		Job third = submit(Strand.Pace.BURNING);
		this.ticker.advance(PATIENCE);
		look();
		assertThat(this.lane.admissions()).isEqualTo(1);
		this.ticker.advance(Duration.ofNanos(1));
		look();
		Await.open(second.started);
		assertThat(this.lane.depth()).isEqualTo(1);
		this.ticker.advance(PATIENCE.plusNanos(1));
		look();
		Await.open(third.started);
	}

	@Test
	void runThatOutlastsTheThresholdIsAStallUntilItsEnd() {
		start(1, 8);
		Job job = submit(Strand.Pace.BLOCKING);
		Await.open(job.started);
		this.probe.sayWaiting(job.thread);
		lookAfter(THRESHOLD.minusNanos(1));
		assertThat(this.runtime.diagnostics().stalls().running()).isEmpty();
		lookAfter(Duration.ofNanos(1));
		lookAfter(THRESHOLD);
		assertThat(this.runtime.diagnostics().stalls().running()).hasSize(1);
		assertThat(this.runtime.diagnostics().stalls().running().get(0).thread()).isEqualTo(job.thread.getName());
		this.ticker.advance(THRESHOLD);
		job.gate.countDown();
		Await.until(() -> this.runtime.diagnostics().stalls().running().isEmpty());
		assertThat(this.runtime.diagnostics().stalls().count(Stall.Kind.BLOCKING)).isEqualTo(1);
		assertThat(this.runtime.diagnostics().stalls().time(Stall.Kind.BLOCKING)).isEqualTo(THRESHOLD.multipliedBy(3));
	}

	@Test
	void runThatWasNotGivenTheProcessorIsNoStall() {
		start(1, 8);
		Job job = submit(Strand.Pace.BURNING);
		Await.open(job.started);
		lookAfter(THRESHOLD);
		lookAfter(THRESHOLD);
		assertThat(this.runtime.diagnostics().stalls().running()).isEmpty();
		this.probe.sayUsed(job.thread, THRESHOLD);
		lookAfter(THRESHOLD);
		assertThat(this.runtime.diagnostics().stalls().running()).extracting(Stall::kind)
			.containsExactly(Stall.Kind.BURNING);
	}

	@Test
	void strandThatIsMeantToBlockIsNoStall() {
		start(1, 8);
		CountDownLatch end = new CountDownLatch(1);
		CompletableFuture<Thread> thread = new CompletableFuture<>();
		Strand strand = this.runtime.newStrand(StrandOptions.DEFAULTS.blocking());
		strand.execute(() -> {
			thread.complete(Thread.currentThread());
			Await.open(end);
		});
		this.lane.submit(this.runtime.scheduler().injector().pop());
		this.probe.sayWaiting(Await.result(thread));
		lookAfter(THRESHOLD.multipliedBy(2));
		end.countDown();
		assertThat(this.runtime.diagnostics().stalls().count(Stall.Kind.BLOCKING)).isZero();
	}

	@Test
	void timeBeforeAPauseOfEverybodyIsNoStall() {
		start(1, 8);
		Job job = submit(Strand.Pace.BLOCKING);
		Await.open(job.started);
		this.probe.sayWaiting(job.thread);
		this.ticker.advance(Duration.ofSeconds(1));
		long resumed = this.ticker.nanos();
		this.lane.tick(this.probe, resumed, resumed);
		this.ticker.advance(THRESHOLD.minusNanos(1));
		this.lane.tick(this.probe, this.ticker.nanos(), resumed);
		assertThat(this.runtime.diagnostics().stalls().running()).isEmpty();
		this.ticker.advance(Duration.ofNanos(1));
		this.lane.tick(this.probe, this.ticker.nanos(), resumed);
		assertThat(this.runtime.diagnostics().stalls().running()).hasSize(1);
	}

	@Test
	void strandIsTheCurrentOneOfTheLanesThread() {
		start(1, 8);
		CompletableFuture<Strand> current = new CompletableFuture<>();
		Strand strand = scheduled(Strand.Pace.BLOCKING, () -> current.complete(Strand.current()));
		this.lane.submit(strand);
		assertThat(Await.result(current)).isSameAs(strand);
		Await.until(this.lane::isIdle);
		assertThat(Await.result(this.runtime.spawnBlocking(() -> Strand.current() == null))).isTrue();
	}

	@Test
	void strandsWaitForAThreadWhenThePoolIsExhausted() {
		start(1, 1);
		Job first = submit(Strand.Pace.BLOCKING);
		Job second = submit(Strand.Pace.BLOCKING);
		Job third = submit(Strand.Pace.BLOCKING);
		Await.open(first.started);
		Await.open(second.started);
		look();
		assertThat(this.lane.depth()).isEqualTo(1);
		assertThat(this.lane.admissions()).isEqualTo(2);
		second.gate.countDown();
		Await.until(() -> {
			look();
			return this.lane.depth() == 0;
		});
		Await.open(third.started);
	}

	@Test
	void fastPollBringsTheStrandBackToTheWorkers() {
		start(1, 1);
		Job job = submit(Strand.Pace.BURNING);
		Await.open(job.started);
		this.ticker.advance(THRESHOLD.minusNanos(1));
		job.gate.countDown();
		Await.until(this.lane::isIdle);
		assertThat(job.strand.pace()).isEqualTo(Strand.Pace.FAST);
		assertThat(StrandIo.isBusy(job.strand)).isFalse();
	}

	@Test
	void slowPollKeepsTheStrandInTheLane() {
		start(1, 1);
		Job job = submit(Strand.Pace.BLOCKING);
		Await.open(job.started);
		this.ticker.advance(THRESHOLD);
		job.gate.countDown();
		Await.until(this.lane::isIdle);
		assertThat(job.strand.pace()).isEqualTo(Strand.Pace.BLOCKING);
		assertThat(StrandIo.isBusy(job.strand)).isTrue();
	}

	@Test
	void blockerThatTurnsOutToBurnNeedsAPermitFromThenOn() {
		assertThat(paceAfterSlowPoll(Strand.Pace.BLOCKING, false, THRESHOLD)).isEqualTo(Strand.Pace.BURNING);
	}

	@Test
	void burnerThatTurnsOutToBlockNeedsNoPermitFromThenOn() {
		assertThat(paceAfterSlowPoll(Strand.Pace.BURNING, true, Duration.ZERO)).isEqualTo(Strand.Pace.BLOCKING);
		assertThat(this.jobs.get(0).strand.hasStalled()).isTrue();
	}

	@Test
	void strandThatOnlyWantedForTheProcessorLeavesTheLane() {
		assertThat(paceAfterSlowPoll(Strand.Pace.BURNING, false, Duration.ZERO)).isEqualTo(Strand.Pace.FAST);
		assertThat(this.jobs.get(0).strand.hasStalled()).isFalse();
	}

	@Test
	void strandThatNobodyLookedAtMayHaveStalled() {
		start(1, 1);
		CompletableFuture<Boolean> inTime = new CompletableFuture<>();
		Strand strand = scheduled(Strand.Pace.BLOCKING, () -> {
			inTime.complete(Strand.current().hasStalled());
			this.ticker.advance(THRESHOLD);
		});
		this.lane.submit(strand);
		assertThat(Await.result(inTime)).isFalse();
		Await.until(this.lane::isIdle);
		assertThat(strand.hasStalled()).isNull();
	}

	private Strand.Pace paceAfterSlowPoll(Strand.Pace before, boolean waits, Duration used) {
		start(1, 1);
		Job job = submit(before);
		Await.open(job.started);
		if (waits) {
			this.probe.sayWaiting(job.thread);
		}
		look();
		this.probe.sayUsed(job.thread, used);
		this.ticker.advance(THRESHOLD);
		look();
		job.gate.countDown();
		Await.until(this.lane::isIdle);
		return job.strand.pace();
	}

	@Test
	void taskThatThrowsGivesItsPermitBack() {
		start(1, 1);
		try (LogCapture log = new LogCapture(Strand.class)) {
			this.lane.submit(scheduled(Strand.Pace.BURNING, () -> {
				throw new IllegalStateException("expected");
			}));
			Await.until(this.lane::isIdle);
			assertThat(log.messages()).hasSize(1);
		}
		Await.open(submit(Strand.Pace.BURNING).started);
	}

	/**
	 * Else it would be in no place where the shutdown looks for work.
	 */
	@Test
	void strandThatYieldsIsQueuedBeforeItLeavesTheLane() {
		start(1, 1, 1);
		Job job = new Job(Strand.Pace.BURNING);
		job.strand.execute(() -> {
		});
		this.lane.submit(job.strand);
		Await.open(job.started);
		SlowLane lane = this.lane;
		synchronized (lane) {
			job.gate.countDown();
			Await.until(() -> !this.runtime.scheduler().injector().isEmpty());
			assertThat(this.lane.isIdle()).isFalse();
		}
		Await.until(this.lane::isIdle);
		assertThat(this.runtime.scheduler().injector().pop()).isSameAs(job.strand);
	}

	@Test
	void strandsThatStillWaitAtTheEndAreClosed() {
		start(1, 8);
		Job burner = submit(Strand.Pace.BURNING);
		Await.open(burner.started);
		List<FutureTask<String>> left = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			FutureTask<String> task = new FutureTask<>(() -> "done");
			left.add(task);
			this.lane.submit(scheduled(Strand.Pace.BURNING, task));
		}
		CompletionStage<Void> termination = this.runtime.shutdown(Duration.ZERO, Duration.ofMillis(10));
		Await.until(this.runtime.scheduler().blockingPool()::isShutdown);
		burner.gate.countDown();
		Await.result(termination);
		assertThat(left).allMatch(FutureTask::isCancelled);
		assertThat(this.lane.depth()).isZero();
	}

	/**
	 * Its thread was stuck and has been left behind.
	 */
	@Test
	void strandThatYieldsAfterTheEndIsClosed() {
		start(1, 1, 1);
		Job stuck = new Job(Strand.Pace.BLOCKING);
		FutureTask<String> left = new FutureTask<>(() -> "done");
		stuck.strand.execute(left);
		this.lane.submit(stuck.strand);
		Await.open(stuck.started);
		try (LogCapture log = new LogCapture(Shutdown.class)) {
			Await.result(this.runtime.shutdown(Duration.ZERO, Duration.ofMillis(10)));
			assertThat(log.messages()).hasSize(1);
		}
		stuck.gate.countDown();
		Await.end(stuck.thread);
		assertThat(left).isCancelled();
	}

	@Test
	void shutdownWaitsForWhatYieldsInTheLane() {
		startWorkers(Duration.ofNanos(1), 1);
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch gate = new CountDownLatch(1);
		AtomicInteger ran = new AtomicInteger();
		Strand strand = this.runtime.newStrand();
		strand.setPace(Strand.Pace.BURNING);
		strand.execute(() -> {
			started.countDown();
			Await.open(gate);
		});
		for (int i = 0; i < 5; i++) {
			strand.execute(ran::incrementAndGet);
		}
		Await.open(started);
		CompletionStage<Void> termination = this.runtime.shutdown(Duration.ZERO, Duration.ofSeconds(20));
		assertThat(termination.toCompletableFuture().isDone()).isFalse();
		gate.countDown();
		Await.result(termination);
		assertThat(ran).hasValue(5);
	}

	/**
	 * No poll is ever fast enough to leave the lane; the fields of a {@link Receiver} are
	 * plain: the lane must order the polls of a strand.
	 */
	@Test
	void everyItemRunsOnceAndInOrder() {
		startWorkers(Duration.ofNanos(1), 3);
		int strands = 200;
		int items = 20;
		CountDownLatch left = new CountDownLatch(strands * items);
		List<Receiver> receivers = new ArrayList<>();
		for (int i = 0; i < strands; i++) {
			Receiver receiver = new Receiver(this.runtime.newStrand());
			receiver.strand.setPace((i % 2 == 0) ? Strand.Pace.BURNING : Strand.Pace.BLOCKING);
			receivers.add(receiver);
		}
		for (int i = 0; i < items; i++) {
			receivers.forEach((receiver) -> receiver.send(left));
		}
		Await.until(() -> {
			this.lane.tick(this.probe, Ticker.system().nanos(), 0);
			return left.getCount() == 0;
		});
		Await.until(this.lane::isIdle);
		assertThat(receivers).allMatch((receiver) -> receiver.received == items);
		assertThat(this.lane.admissions()).isGreaterThanOrEqualTo((long) strands * (items / 3));
	}

	private void look() {
		this.lane.tick(this.probe, this.ticker.nanos(), 0);
	}

	private void lookAfter(Duration time) {
		this.ticker.advance(time);
		look();
	}

	private void start(int permits, int spareThreads) {
		start(permits, spareThreads, 128);
	}

	/**
	 * Starts a runtime whose workers rest, so that the test alone feeds the lane.
	 */
	private void start(int permits, int spareThreads, int budget) {
		this.runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(permits)
			.blockingThreads(spareThreads)
			.blockingOn(BlockingThreads.PLATFORM, 0)
			.budget(budget)
			.ticker(this.ticker)
			.stallThreshold(THRESHOLD)
			.threadFactory(this.threads)), RestingDriver::new);
		this.lane = this.runtime.scheduler().slowLane();
		Await.until(() -> this.runtime.scheduler().blockingPool().idleThreads() == this.runtime.scheduler()
			.blockingPool()
			.threads());
	}

	private void startWorkers(Duration threshold, int budget) {
		this.runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(2)
			.blockingThreads(3)
			.blockingOn(BlockingThreads.PLATFORM, 0)
			.queueCapacity(4)
			.budget(budget)
			.stallThreshold(threshold)
			.threadFactory(this.threads)));
		this.lane = this.runtime.scheduler().slowLane();
	}

	private Job submit(Strand.Pace pace) {
		Job job = new Job(pace);
		this.lane.submit(job.strand);
		return job;
	}

	/**
	 * Returns a strand that is scheduled and in no queue.
	 */
	private Strand scheduled(Strand.Pace pace, Runnable task) {
		Strand strand = this.runtime.newStrand();
		strand.setPace(pace);
		strand.execute(task);
		assertThat(this.runtime.scheduler().injector().pop()).isSameAs(strand);
		return strand;
	}

	/**
	 * A strand with a task that lasts until the gate opens.
	 */
	private final class Job {

		private final CountDownLatch started = new CountDownLatch(1);

		private final CountDownLatch gate = new CountDownLatch(1);

		private final Strand strand;

		private volatile Thread thread;

		Job(Strand.Pace pace) {
			this.strand = scheduled(pace, () -> {
				this.thread = Thread.currentThread();
				this.started.countDown();
				Await.open(this.gate);
			});
			SlowLaneTests.this.jobs.add(this);
		}

	}

	/**
	 * Counts what arrives in order at one strand.
	 */
	private static final class Receiver {

		private final Strand strand;

		private int sent;

		private int received;

		Receiver(Strand strand) {
			this.strand = strand;
		}

		void send(CountDownLatch left) {
			int number = this.sent++;
			this.strand.execute(() -> {
				if (this.received == number) {
					this.received++;
				}
				left.countDown();
			});
		}

	}

}
