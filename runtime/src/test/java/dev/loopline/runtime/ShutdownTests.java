package dev.loopline.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Shutdown}.
 */
class ShutdownTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	private final NamedThreads threads = new NamedThreads();

	private final ManualIoDriver.Factory drivers = new ManualIoDriver.Factory();

	private final CountDownLatch gate = new CountDownLatch(1);

	private TaskRuntime runtime;

	@AfterEach
	void endEveryThread() {
		this.gate.countDown();
		this.runtime.close();
		Await.until(() -> this.threads.alive().isEmpty());
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 4 })
	void leavesNoThreadBehind(int workers) {
		start((builder) -> builder.workers(workers));
		CountDownLatch ran = new CountDownLatch(2);
		this.runtime.newStrand().execute(ran::countDown);
		this.runtime.spawnBlocking(() -> {
			ran.countDown();
			return "done";
		});
		Await.open(ran);
		assertThat(this.threads.alive()).hasSizeGreaterThanOrEqualTo(workers);
		Await.result(this.runtime.shutdown(Duration.ZERO, LONG));
		Await.until(() -> this.threads.alive().isEmpty());
	}

	@Test
	void runtimeThatNeverDidAnythingEnds() {
		for (int i = 0; i < 50; i++) {
			start((builder) -> builder.workers(2));
			this.runtime.close();
		}
		Await.until(() -> this.threads.alive().isEmpty());
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3 })
	void queuedWorkRunsAndWhatItQueuesToo(int workers) {
		start((builder) -> builder.workers(workers).budget(2));
		AtomicInteger ran = new AtomicInteger();
		block(workers);
		for (int i = 0; i < 500; i++) {
			Strand outer = this.runtime.newStrand();
			Strand inner = this.runtime.newStrand();
			for (int task = 0; task < 5; task++) {
				outer.execute(() -> {
					ran.incrementAndGet();
					inner.execute(ran::incrementAndGet);
				});
			}
		}
		CompletionStage<Void> termination = this.runtime.shutdown(Duration.ZERO, LONG);
		assertThat(this.runtime.isShuttingDown()).isTrue();
		this.gate.countDown();
		Await.result(termination);
		assertThat(ran).hasValue(5_000);
	}

	@Test
	void noThreadIsLeftAfterTheCallEvenIfItsEndTakesAMoment() {
		start((builder) -> builder.workers(2).threadFactory((runnable) -> this.threads.newThread(() -> {
			runnable.run();
			LockSupport.parkNanos(20_000_000); // what the JVM does at the end of a thread
		})));
		Await.result(this.runtime.spawnBlocking(() -> null));
		this.runtime.close();
		assertThat(this.threads.alive()).isEmpty();
	}

	@Test
	void workThatIsOfferedWhileOthersDrainRuns() {
		start((builder) -> builder.workers(2));
		block(1);
		CompletionStage<Void> termination = this.runtime.shutdown(Duration.ZERO, LONG);
		assertThat(this.runtime.isShutdown()).isFalse();
		CountDownLatch ran = new CountDownLatch(1);
		this.runtime.newStrand().execute(ran::countDown);
		Await.open(ran);
		this.gate.countDown();
		Await.result(termination);
	}

	@Test
	void threadsThatStartLateRunWhatWasQueued() {
		CountDownLatch late = new CountDownLatch(1);
		AtomicInteger created = new AtomicInteger();
		start((builder) -> builder.workers(2)
			.threadFactory((runnable) -> this.threads.newThread((created.getAndIncrement() < 2) ? () -> {
				Await.open(late);
				runnable.run();
			} : runnable)));
		AtomicInteger ran = new AtomicInteger();
		for (int i = 0; i < 10; i++) {
			this.runtime.newStrand().execute(ran::incrementAndGet);
		}
		CompletionStage<Void> termination = this.runtime.shutdown(Duration.ZERO, LONG);
		Await.until(() -> this.drivers.driver(1).prepared() > 3 || this.drivers.driver(1).destroyed() > 0);
		late.countDown();
		Await.result(termination);
		assertThat(ran).hasValue(10);
	}

	@Test
	void futureIsCompletedLast() {
		start((builder) -> builder.workers(2));
		AtomicInteger ran = new AtomicInteger();
		block(2);
		for (int i = 0; i < 100; i++) {
			this.runtime.newStrand().execute(ran::incrementAndGet);
		}
		this.runtime.spawnBlocking(() -> {
			Await.open(this.gate);
			return ran.incrementAndGet();
		});
		List<Object> seen = new ArrayList<>();
		CompletionStage<Void> looked = this.runtime.termination().thenRun(() -> {
			seen.add(ran.get());
			seen.add(this.runtime.isShutdown());
			seen.add(this.runtime.scheduler().threads().length);
			seen.add(this.runtime.scheduler().blockingPool().threads());
			this.drivers.drivers().forEach((driver) -> seen.add(driver.destroyed()));
		});
		this.runtime.shutdown(Duration.ZERO, LONG);
		assertThat(looked.toCompletableFuture().isDone()).isFalse();
		this.gate.countDown();
		Await.result(looked);
		assertThat(seen).containsExactly(101, true, 0, 0, 1, 1);
	}

	@Test
	void driversAreClosedOnceAndNeverPolledAgain() {
		start((builder) -> builder.workers(3));
		this.runtime.close();
		assertThat(this.drivers.drivers()).hasSize(3).allSatisfy((driver) -> {
			assertThat(driver.prepared()).isPositive();
			assertThat(driver.destroyed()).isEqualTo(1);
			assertThat(driver.latePolls()).isZero();
		});
	}

	@Test
	void onlyTheFirstCallCounts() {
		start((builder) -> builder.workers(2));
		CompletionStage<Void> first = this.runtime.shutdown(Duration.ZERO, LONG);
		CompletionStage<Void> second = this.runtime.shutdown(Duration.ofHours(1), Duration.ofHours(1));
		Await.result(first);
		int created = this.threads.created();
		Await.result(second);
		Await.result(this.runtime.shutdown(Duration.ZERO, Duration.ZERO));
		assertThat(this.threads.created()).isEqualTo(created);
	}

	@Test
	void manyThreadsMayCallItAtOnce() {
		start((builder) -> builder.workers(2));
		List<CompletableFuture<Void>> calls = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			calls.add(CompletableFuture.runAsync(this.runtime::close));
		}
		calls.forEach(Await::result);
		assertThat(this.drivers.drivers()).allSatisfy((driver) -> assertThat(driver.destroyed()).isEqualTo(1));
	}

	@Test
	void closeMayBeCalledTwice() {
		start((builder) -> builder.workers(1));
		this.runtime.close();
		this.runtime.close();
		assertThat(this.runtime.isShutdown()).isTrue();
		assertThat(this.runtime.termination().toCompletableFuture().isDone()).isTrue();
		assertThat(this.drivers.driver(0).destroyed()).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void workerMayCallItAndGoesOn(int workers) {
		start((builder) -> builder.workers(workers));
		CountDownLatch wentOn = new CountDownLatch(1);
		Strand other = this.runtime.newStrand();
		this.runtime.newStrand().execute(() -> {
			this.runtime.close();
			other.execute(wentOn::countDown);
		});
		Await.open(wentOn);
		Await.result(this.runtime.termination());
	}

	@Test
	void everythingIsRefusedAfterwards() {
		start((builder) -> builder.workers(1));
		Strand strand = this.runtime.newStrand();
		this.runtime.close();
		List<Runnable> offers = List.of(() -> strand.execute(() -> {
		}), () -> this.runtime.newStrand().execute(() -> {
		}), () -> strand.schedule(() -> {
		}, 1, TimeUnit.MILLISECONDS), () -> this.runtime.spawnBlocking(() -> "late"));
		assertThat(offers)
			.allSatisfy((offer) -> assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(offer::run));
	}

	@Test
	void timersThatAreNotDueAreCancelled() {
		start((builder) -> builder.workers(2));
		FutureTask<String> future = new FutureTask<>(() -> "done");
		this.runtime.newStrand().schedule(future, 1, TimeUnit.HOURS);
		this.runtime.close();
		assertThat(future).isCancelled();
	}

	/**
	 * The end of the queued task wakes the other one on a thread that is about to end.
	 */
	@Test
	void taskThatAwaitsOneThatIsCutOffEndsToo() {
		start((builder) -> builder.workers(1));
		CompletableFuture<Void> stage = new CompletableFuture<>();
		JoinHandle<Void> waiting = this.runtime.spawnAsync(() -> stage);
		Await.until(() -> waiting.status() == TaskStatus.SUSPENDED);
		block(1);
		this.runtime.spawn(() -> 1).whenComplete((value, ex) -> stage.complete(null));
		CompletionStage<Void> termination = this.runtime.shutdown(Duration.ZERO, Duration.ZERO);
		this.gate.countDown();
		Await.result(termination);
		Await.until(waiting::isFinished);
		Await.until(() -> this.runtime.diagnostics().snapshot().tasks().live() == 0);
	}

	@Test
	void stuckThreadIsNamedAndLeftBehind() {
		start((builder) -> builder.workers(2));
		Thread stuck = block(1).get(0);
		try (LogCapture log = new LogCapture(Shutdown.class)) {
			Await.result(this.runtime.shutdown(Duration.ZERO, Duration.ofMillis(10)));
			assertThat(log.messages()).contains("Thread %s is stuck and left behind".formatted(stuck.getName()));
		}
		assertThat(this.threads.alive()).contains(stuck);
		this.gate.countDown();
		Await.end(stuck);
		assertThat(this.drivers.drivers()).allSatisfy((driver) -> {
			assertThat(driver.destroyed()).isEqualTo(1);
			assertThat(driver.latePolls()).isZero();
		});
	}

	@Test
	void stuckBlockingJobIsNamedAndLeftBehind() {
		start((builder) -> builder.workers(1));
		CompletableFuture<Thread> stuck = new CompletableFuture<>();
		this.runtime.spawnBlocking(() -> {
			stuck.complete(Thread.currentThread());
			Await.open(this.gate);
			return "done";
		});
		String name = Await.result(stuck).getName();
		try (LogCapture log = new LogCapture(Shutdown.class)) {
			Await.result(this.runtime.shutdown(Duration.ZERO, Duration.ofMillis(10)));
			assertThat(log.messages()).containsExactly("Thread %s is stuck and left behind".formatted(name));
		}
	}

	@Test
	void offersThatRaceWithTheEndEitherRunOrAreRefusedOrCancelled() {
		for (int round = 0; round < 20; round++) {
			start((builder) -> builder.workers(2));
			List<FutureTask<String>> accepted = new ArrayList<>();
			CompletableFuture<Void> offers = CompletableFuture.runAsync(() -> {
				try {
					while (true) {
						FutureTask<String> task = new FutureTask<>(() -> "done");
						this.runtime.newStrand().execute(task);
						accepted.add(task);
					}
				}
				catch (RejectedExecutionException ex) {
					// The end.
				}
			});
			Await.result(this.runtime.shutdown(Duration.ZERO, Duration.ofMillis(5)));
			Await.result(offers);
			assertThat(accepted).allMatch(FutureTask::isDone);
		}
	}

	private void start(Consumer<TaskRuntimeConfigBuilder> changes) {
		this.runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> {
			builder.threadFactory(this.threads);
			changes.accept(builder);
		}), this.drivers);
	}

	/**
	 * Keeps as many workers in a poll until the gate opens.
	 */
	private List<Thread> block(int workers) {
		List<Thread> blocked = new ArrayList<>();
		for (int i = 0; i < workers; i++) {
			CompletableFuture<Thread> thread = new CompletableFuture<>();
			this.runtime.newStrand().execute(() -> {
				thread.complete(Thread.currentThread());
				Await.open(this.gate);
			});
			blocked.add(Await.result(thread));
		}
		return blocked;
	}

}
