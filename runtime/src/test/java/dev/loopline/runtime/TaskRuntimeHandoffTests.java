package dev.loopline.runtime;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
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
	void endedRuntimeHasNoBlockingThreads() {
		start((builder) -> builder.workers(2));
		this.runtime.close();
		assertThat(this.runtime.snapshot().blockingThreads()).isZero();
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
		Await.until(() -> this.runtime.snapshot().parkedWorkers() == 2);
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

	/**
	 * Waits, inside a poll, until its worker has another thread and that one sleeps.
	 */
	private void awaitHandoffAndRest() {
		Await.until(() -> {
			RuntimeSnapshot snapshot = this.runtime.snapshot();
			return snapshot.handoffs() > 0 && this.runtime.threads().length == 2
					&& snapshot.parkedWorkers() == snapshot.workers().size();
		});
	}

	private void start(Consumer<TaskRuntimeConfig.Builder> changes) {
		this.runtime = TaskRuntime.start(TaskRuntimeConfig.of(changes), this.drivers);
	}

}
