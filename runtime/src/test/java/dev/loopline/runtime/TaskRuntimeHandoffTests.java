package dev.loopline.runtime;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TaskRuntime} around handoffs and the end.
 */
class TaskRuntimeHandoffTests {

	private final ManualIoDriver.Factory drivers = new ManualIoDriver.Factory();

	private final CountDownLatch gate = new CountDownLatch(1);

	private TaskRuntime runtime;

	@AfterEach
	void endRuntime() {
		this.gate.countDown();
		if (this.runtime != null) {
			this.runtime.shutdown(Duration.ZERO, Duration.ofMillis(100));
			Await.result(this.runtime.termination());
		}
	}

	@Test
	void strandThatIsWokenByAThreadThatLostItsWorkerRuns() {
		start((builder) -> builder.workers(1));
		CountDownLatch ran = new CountDownLatch(1);
		Strand woken = this.runtime.newStrand();
		this.runtime.newStrand().execute(() -> {
			awaitHandoffAndRest();
			woken.execute(ran::countDown);
		});
		Await.open(ran);
	}

	@Test
	void strandThatYieldsOnAThreadThatLostItsWorkerRunsOn() {
		start((builder) -> builder.workers(1).budget(1));
		CountDownLatch ran = new CountDownLatch(1);
		Strand strand = this.runtime.newStrand();
		strand.execute(() -> {
			awaitHandoffAndRest();
			strand.execute(ran::countDown);
		});
		Await.open(ran);
	}

	@Test
	void threadThatLostItsWorkerMayWaitForTheStrandThatItWokeLast() {
		start((builder) -> builder.workers(1));
		CountDownLatch ran = new CountDownLatch(1);
		CountDownLatch done = new CountDownLatch(1);
		Strand woken = this.runtime.newStrand();
		this.runtime.newStrand().execute(() -> {
			awaitHandoffAndRest();
			woken.execute(ran::countDown);
			Await.open(ran);
			done.countDown();
		});
		Await.open(done);
	}

	@Test
	void countersSurviveAHandoff() {
		start((builder) -> builder.workers(1));
		for (int i = 0; i < 10; i++) {
			CompletableFuture<Void> ran = new CompletableFuture<>();
			this.runtime.newStrand().execute(() -> ran.complete(null));
			Await.result(ran);
		}
		CountDownLatch last = new CountDownLatch(1);
		this.runtime.newStrand().execute(() -> {
			awaitHandoffAndRest();
			last.countDown();
		});
		Await.open(last);
		Await.until(() -> this.runtime.scheduler().threads().length == 1);
		assertThat(this.runtime.diagnostics().snapshot().workers().get(0).polls().count()).isGreaterThanOrEqualTo(10);
	}

	@Test
	void endedRuntimeHasNoBlockingThreads() {
		start((builder) -> builder.workers(2));
		this.runtime.close();
		assertThat(this.runtime.diagnostics().snapshot().blocking().threads()).isZero();
	}

	@Test
	void blockingJobMayCloseTheRuntimeWithoutWaitingForItself() {
		start((builder) -> builder.workers(1));
		assertThat(Await.result(this.runtime.spawnBlocking(() -> {
			this.runtime.close();
			return this.runtime.termination().toCompletableFuture().isDone();
		}))).isFalse();
	}

	@Test
	void workerOfAnotherRuntimeWaitsForTheEnd() {
		start((builder) -> builder.workers(1));
		TaskRuntime other = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(1)));
		CompletableFuture<Boolean> ended = new CompletableFuture<>();
		this.runtime.newStrand().execute(() -> {
			other.close();
			ended.complete(other.termination().toCompletableFuture().isDone());
		});
		assertThat(Await.result(ended)).isTrue();
	}

	@Test
	void whatAStuckThreadLeavesBehindIsRunOrCancelled() {
		start((builder) -> builder.flavour(TaskRuntimeConfig.Flavour.CURRENT_THREAD));
		FutureTask<String> left = new FutureTask<>(() -> "done");
		Strand woken = this.runtime.newStrand();
		CompletableFuture<Thread> stuck = new CompletableFuture<>();
		this.runtime.newStrand().execute(() -> {
			woken.execute(left);
			stuck.complete(Thread.currentThread());
			Await.open(this.gate);
		});
		Thread thread = Await.result(stuck);
		try (LogCapture log = new LogCapture(Shutdown.class)) {
			Await.result(this.runtime.shutdown(Duration.ZERO, Duration.ofMillis(10)));
			assertThat(log.messages()).isNotEmpty();
		}
		this.gate.countDown();
		Await.end(thread);
		assertThat(left.isDone()).isTrue();
	}

	@Test
	void stuckWorkerThreadIsNamedOnce() {
		start((builder) -> builder.workers(1));
		CompletableFuture<Thread> stuck = new CompletableFuture<>();
		this.runtime.newStrand().execute(() -> {
			stuck.complete(Thread.currentThread());
			Await.open(this.gate);
		});
		String name = Await.result(stuck).getName();
		try (LogCapture log = new LogCapture(Shutdown.class)) {
			Await.result(this.runtime.shutdown(Duration.ZERO, Duration.ofMillis(10)));
			assertThat(log.messages()).containsExactly("Thread %s is stuck and left behind".formatted(name));
		}
	}

	/**
	 * The second worker, whose driver nobody uses, must not leak for the sake of the
	 * first.
	 */
	@Test
	void driverThatIsInUseDoesNotKeepTheOthersFromTheirEnd() {
		start((builder) -> builder.workers(2));
		Await.until(() -> this.runtime.diagnostics().snapshot().scheduling().parkedWorkers() == 2);
		CountDownLatch inUse = new CountDownLatch(1);
		this.drivers.driver(0).event(() -> {
			inUse.countDown();
			Await.open(this.gate);
		});
		this.drivers.driver(0).wakeup();
		Await.open(inUse);
		try (LogCapture log = new LogCapture(Shutdown.class)) {
			Await.result(this.runtime.shutdown(Duration.ZERO, Duration.ofMillis(10)));
			assertThat(log.messages()).isNotEmpty();
		}
		assertThat(this.drivers.driver(0).destroyed()).isZero();
		assertThat(this.drivers.driver(1).destroyed()).isEqualTo(1);
	}

	@Test
	void longestDelayOfAllIsNotEarly() {
		StillRuntime still = new StillRuntime();
		AtomicBoolean ran = new AtomicBoolean();
		Strand strand = still.newStrand();
		still.ticker.advance(Duration.ofSeconds(1));
		strand.schedule(() -> ran.set(true), Long.MAX_VALUE, TimeUnit.NANOSECONDS);
		strand.schedule(() -> ran.set(true), Long.MAX_VALUE, TimeUnit.DAYS);
		still.fireTimers();
		still.ticker.advance(Duration.ofDays(1_000));
		still.fireTimers();
		still.drain();
		assertThat(ran).isFalse();
	}

	/**
	 * Waits, inside a poll, until its worker has another thread and that one sleeps.
	 */
	private void awaitHandoffAndRest() {
		Await.until(() -> {
			RuntimeSnapshot snapshot = this.runtime.diagnostics().snapshot();
			return snapshot.handoffs().count() > 0 && this.runtime.scheduler().threads().length == 2
					&& snapshot.scheduling().parkedWorkers() == snapshot.workers().size();
		});
	}

	private void start(Consumer<TaskRuntimeConfigBuilder> changes) {
		this.runtime = TaskRuntime.start(TaskRuntimeConfig.of(changes), this.drivers);
	}

}
