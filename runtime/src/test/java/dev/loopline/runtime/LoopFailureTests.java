package dev.loopline.runtime;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import dev.loopline.runtime.internal.stall.StallReporter;
import dev.loopline.runtime.internal.thread.BlockingPool;
import dev.loopline.runtime.io.IoDriver;
import dev.loopline.runtime.io.IoReadiness;
import dev.loopline.runtime.time.Ticker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests that no worker is lost and every runtime ends, whatever fails.
 */
class LoopFailureTests {

	private static final Duration TIMEOUT = Duration.ofMillis(100);

	private final NamedThreads threads = new NamedThreads();

	private TaskRuntime runtime;

	@AfterEach
	void noThreadIsLeft() {
		Await.result(this.runtime.shutdown(Duration.ZERO, TIMEOUT));
		Await.until(() -> this.threads.alive().isEmpty());
	}

	static Stream<Arguments> driverSteps() {
		return Stream.of(DriverStep.values())
			.flatMap((step) -> ThrownErrors.all().map((error) -> Arguments.of(step, error)));
	}

	@ParameterizedTest
	@MethodSource("driverSteps")
	void driverThatFailsOnceKeepsNobodyFromRunningAndFromEnding(DriverStep step, Throwable error) {
		AtomicReference<Throwable> armed = new AtomicReference<>();
		try (BrokenLog log = brokenLog(error)) {
			start((token) -> new FailingDriver(step, () -> armed.getAndSet(null)));
			for (int i = 0; i < 3; i++) {
				armed.set(error);
				CountDownLatch ran = new CountDownLatch(1);
				this.runtime.newStrand().execute(ran::countDown);
				this.runtime.newStrand().schedule(() -> {
				}, 1, TimeUnit.MICROSECONDS);
				this.runtime.scheduler().workers()[0].ringDoorbell();
				if (step == DriverStep.POLL) {
					// The rest after a failure is over at once if somebody says so.
					Await.until(() -> {
						LockSupport.unpark(this.runtime.scheduler().workers()[0].owner.thread());
						return ran.getCount() == 0;
					});
				}
				Await.open(ran);
			}
			armed.set(error);
			Await.result(this.runtime.shutdown(Duration.ZERO, TIMEOUT));
		}
	}

	@ParameterizedTest
	@MethodSource("driverSteps")
	void driverThatAlwaysFailsDoesNotKeepTheRuntimeFromEnding(DriverStep step, Throwable error) {
		AtomicReference<Throwable> armed = new AtomicReference<>();
		try (BrokenLog log = brokenLog(error)) {
			start((token) -> new FailingDriver(step, armed::get));
			CountDownLatch ran = new CountDownLatch(1);
			this.runtime.newStrand().execute(ran::countDown);
			Await.open(ran);
			armed.set(error);
			Await.result(this.runtime.shutdown(Duration.ZERO, TIMEOUT));
			Await.until(() -> this.threads.alive().isEmpty());
		}
	}

	@ParameterizedTest
	@MethodSource("dev.loopline.runtime.ThrownErrors#all")
	void clockThatFailsAtEveryReadingStandsStill(Throwable error) {
		AtomicInteger readings = new AtomicInteger();
		Ticker ticker = () -> {
			if (readings.incrementAndGet() % 2 == 0) {
				ThrownErrors.raise(error);
			}
			return Ticker.system().nanos();
		};
		try (BrokenLog log = brokenLog(error)) {
			this.runtime = TaskRuntime.start(
					TaskRuntimeConfig.of((builder) -> builder.workers(2).threadFactory(this.threads).ticker(ticker)));
			runEverything(() -> {
			});
		}
	}

	@ParameterizedTest
	@MethodSource("dev.loopline.runtime.ThrownErrors#all")
	void everyKindOfWorkMayFailEvenIfTheLogFailsToo(Throwable error) {
		try (BrokenLog log = brokenLog(error)) {
			start(ParkingDriver::new);
			for (int i = 0; i < 3; i++) {
				runEverything(() -> ThrownErrors.raise(error));
			}
			assertThat(log.calls()).isPositive();
			assertThat(this.threads.created()).isLessThan(20);
		}
	}

	@ParameterizedTest
	@MethodSource("dev.loopline.runtime.ThrownErrors#all")
	void hooksMayFailEvenIfTheLogFailsToo(Throwable error) {
		TaskHooks hooks = new TaskHooks() {

			@Override
			public TaskObserver onSpawn(JoinHandle<?> task) {
				return new FailingObserver(error);
			}

		};
		try (BrokenLog log = brokenLog(error)) {
			this.runtime = TaskRuntime.start(
					TaskRuntimeConfig.of((builder) -> builder.workers(1).threadFactory(this.threads).taskHooks(hooks)));
			for (int i = 0; i < 3; i++) {
				assertThat(Await.result(this.runtime.spawn(() -> 42))).isEqualTo(42);
			}
			// Each once more, without what was thrown
			Await.until(() -> log.calls() == 2 * 9);
		}
	}

	/**
	 * It ends as soon as it sees that it has no worker, so it must not sleep meanwhile.
	 */
	@Test
	void workerWhoseThreadEndsGetsAnother() {
		start(ParkingDriver::new);
		CompletableFuture<WorkerThread> ended = new CompletableFuture<>();
		CompletableFuture<WorkerThread> ran = new CompletableFuture<>();
		this.runtime.newStrand().execute(() -> {
			WorkerThread owner = this.runtime.scheduler().workers()[0].owner;
			owner.succession.replace();
			ended.complete(owner);
		});
		WorkerThread owner = Await.result(ended);
		this.runtime.newStrand().execute(() -> ran.complete(WorkerThread.current()));
		assertThat(Await.result(ran)).isNotSameAs(owner);
	}

	@Test
	void runtimeThatGetsNoThreadForItsEndEndsAllTheSame() {
		AtomicReference<Throwable> scarce = new AtomicReference<>();
		this.runtime = TaskRuntime
			.start(TaskRuntimeConfig.of((builder) -> builder.workers(1).threadFactory((runnable) -> {
				if (scarce.get() != null) {
					ThrownErrors.raise(scarce.get());
				}
				return this.threads.newThread(runnable);
			})));
		scarce.set(new OutOfMemoryError("unable to create native thread (expected)"));
		this.runtime.close();
		assertThat(this.runtime.termination().toCompletableFuture()).isDone();
	}

	@Test
	void runtimeThatGetsNoThreadForItsWorkersDoesNotStart() {
		AtomicInteger created = new AtomicInteger();
		try (LogCapture log = new LogCapture(BlockingPool.class)) {
			assertThatIllegalStateException()
				.isThrownBy(() -> TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(3)
					.threadFactory(
							(runnable) -> (created.incrementAndGet() == 2) ? null : this.threads.newThread(runnable)))))
				.withMessageContaining("worker 1");
		}
		Await.until(() -> this.threads.alive().isEmpty());
		start(ParkingDriver::new);
	}

	private void start(IoDriver.Factory drivers) {
		this.runtime = TaskRuntime
			.start(TaskRuntimeConfig.of((builder) -> builder.workers(1).threadFactory(this.threads)), drivers);
	}

	private static BrokenLog brokenLog(Throwable error) {
		return new BrokenLog(error, WorkerThread.class, Worker.class, Strand.class, BlockingPool.class,
				JoinHandle.class, Shutdown.class, Monitor.class, GuardedTicker.class, StallReporter.class);
	}

	/**
	 * Runs one of each kind of work, which may fail, and waits for it.
	 */
	private void runEverything(Runnable body) {
		CountDownLatch begun = new CountDownLatch(7);
		Runnable work = () -> {
			begun.countDown();
			body.run();
		};
		Strand strand = this.runtime.newStrand();
		strand.execute(work);
		strand.ready(new IoReadiness() {

			@Override
			public void serve() {
				work.run();
			}

		});
		this.runtime.newStrand(StrandOptions.DEFAULTS.blocking()).execute(work);
		strand.schedule(work, 1, TimeUnit.MICROSECONDS);
		this.runtime.execute(work);
		this.runtime.spawn(() -> {
			work.run();
			return 1;
		});
		this.runtime.spawnBlocking(() -> {
			work.run();
			return 1;
		});
		Await.open(begun);
		CompletableFuture<Void> after = new CompletableFuture<>();
		strand.execute(() -> after.complete(null));
		Await.result(after);
	}

	private enum DriverStep {

		POLL, WAKEUP, HAS_WORK, PREPARE, DESTROY

	}

	/**
	 * Fails at one step with what it is told to.
	 */
	private static final class FailingDriver implements IoDriver {

		private final ManualIoDriver delegate = new ManualIoDriver();

		private final DriverStep failing;

		private final Supplier<Throwable> failure;

		FailingDriver(DriverStep failing, Supplier<Throwable> failure) {
			this.failing = failing;
			this.failure = failure;
		}

		private void reach(DriverStep step) {
			Throwable thrown = (step == this.failing) ? this.failure.get() : null;
			if (thrown != null) {
				ThrownErrors.raise(thrown);
			}
		}

		@Override
		public int poll(PollContext context) {
			reach(DriverStep.POLL);
			return this.delegate.poll(context);
		}

		@Override
		public void wakeup() {
			this.delegate.wakeup(); // else nobody could
			reach(DriverStep.WAKEUP);
		}

		@Override
		public boolean hasWork() {
			reach(DriverStep.HAS_WORK);
			return this.delegate.hasWork();
		}

		@Override
		public void prepareToDestroy() {
			reach(DriverStep.PREPARE);
			this.delegate.prepareToDestroy();
		}

		@Override
		public void destroy() {
			reach(DriverStep.DESTROY);
			this.delegate.destroy();
		}

	}

	private record FailingObserver(Throwable error) implements TaskObserver {

		@Override
		public void beforePoll() {
			ThrownErrors.raise(this.error);
		}

		@Override
		public void afterPoll() {
			ThrownErrors.raise(this.error);
		}

		@Override
		public void onTerminate() {
			ThrownErrors.raise(this.error);
		}

	}

}
