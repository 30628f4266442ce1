package dev.loopline.autoconfigure.reactor;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import dev.loopline.runtime.RuntimeThreads;
import dev.loopline.runtime.StrandKind;
import dev.loopline.runtime.StrandSnapshot;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests for {@link StrandScheduler}: what Reactor expects of every scheduler.
 */
@ParameterizedClass
@EnumSource(StrandSchedulerTests.Subject.class)
@Timeout(60)
class StrandSchedulerTests {

	private final TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(2)));

	private final StrandScheduler scheduler;

	private final Subject subject;

	StrandSchedulerTests(Subject subject) {
		this.subject = subject;
		this.scheduler = new StrandScheduler(() -> this.runtime, "test", subject.kind);
	}

	@AfterEach
	void dispose() {
		this.scheduler.dispose();
		Schedulers.resetOnScheduleHooks();
		Schedulers.resetOnHandleError();
		this.runtime.close();
	}

	@Test
	void runsDirectTasks() {
		CountDownLatch ran = new CountDownLatch(1);
		Disposable task = this.scheduler.schedule(ran::countDown);
		open(ran);
		await().until(task::isDisposed);
	}

	@Test
	void runsWhenTheRuntimeLivesAgain() {
		for (int life = 0; life < 3; life++) {
			CountDownLatch ran = new CountDownLatch(2);
			this.scheduler.schedule(ran::countDown);
			this.scheduler.createWorker().schedule(ran::countDown);
			open(ran);
			this.runtime.close();
			assertThatExceptionOfType(RejectedExecutionException.class)
				.isThrownBy(() -> this.scheduler.createWorker().schedule(() -> {
				}));
			this.runtime.restart();
		}
	}

	@Test
	void isInitializedAnyNumberOfTimesUntilItIsDisposed() {
		this.scheduler.init();
		this.scheduler.init();
		assertThat(this.scheduler.isDisposed()).isFalse();
		this.scheduler.dispose();
		this.scheduler.dispose();
		assertThat(this.scheduler.isDisposed()).isTrue();
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(this.scheduler::init);
	}

	@Test
	void isNotInitializedAfterGracefulDisposal() {
		this.scheduler.disposeGracefully().block(Duration.ofSeconds(20));
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(this.scheduler::init);
	}

	@Test
	@SuppressWarnings("deprecation")
	void isNotRestarted() {
		this.scheduler.dispose();
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(this.scheduler::start);
		assertThat(this.scheduler.isDisposed()).isTrue();
	}

	@Test
	void longestPeriodIsNotOver() {
		AtomicInteger runs = new AtomicInteger();
		Disposable task = this.scheduler.schedulePeriodically(runs::incrementAndGet, 0, Long.MAX_VALUE,
				TimeUnit.NANOSECONDS);
		CountDownLatch later = new CountDownLatch(1);
		this.scheduler.schedule(later::countDown, 50, TimeUnit.MILLISECONDS);
		open(later);
		assertThat(runs).hasValue(1);
		task.dispose();
	}

	@Test
	void strandIsListedUntilItsWorkerIsDisposed() {
		Scheduler.Worker worker = this.scheduler.createWorker();
		Supplier<List<String>> listed = () -> this.runtime.diagnostics()
			.strands()
			.filter((strand) -> strand.kind() == StrandKind.SCHEDULER)
			.map(StrandSnapshot::name)
			.toList();
		List<String> always = (this.subject == Subject.SINGLE) ? List.of("test") : List.of();
		assertThat(listed.get()).isEqualTo((this.subject == Subject.PARALLEL) ? List.of("test.worker-1") : always);
		worker.dispose();
		assertThat(listed.get()).isEqualTo(always);
	}

	@Test
	void refusesTasksOnceDisposed() {
		Scheduler.Worker worker = this.scheduler.createWorker();
		this.scheduler.dispose();
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> this.scheduler.schedule(() -> {
		}));
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> this.scheduler.schedule(() -> {
		}, 1, TimeUnit.MILLISECONDS));
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> worker.schedule(() -> {
		}));
	}

	@Test
	void disposedWorkerRefusesTasksAndDisposesThoseItHas() {
		Scheduler.Worker worker = this.scheduler.createWorker();
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch interrupted = new CountDownLatch(1);
		Disposable running = worker.schedule(() -> awaitInterrupt(started, interrupted));
		open(started);
		assertThat(running.isDisposed()).isFalse();
		AtomicInteger ran = new AtomicInteger();
		List<Disposable> queued = IntStream.range(0, 10)
			.mapToObj((i) -> worker.schedule(ran::incrementAndGet))
			.toList();
		Disposable delayed = worker.schedule(ran::incrementAndGet, 1, TimeUnit.HOURS);
		worker.dispose();
		worker.dispose();
		assertThat(worker.isDisposed()).isTrue();
		open(interrupted);
		assertThat(running.isDisposed()).isTrue();
		assertThat(delayed.isDisposed()).isTrue();
		assertThat(queued).allMatch(Disposable::isDisposed);
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> worker.schedule(() -> {
		})).isSameAs(Exceptions.failWithRejected());
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> worker.schedulePeriodically(() -> {
		}, 1, 1, TimeUnit.MILLISECONDS)).isSameAs(Exceptions.failWithRejected());
		await().until(() -> this.scheduler.pendingTasks() == 0);
		assertThat(ran).hasValue(0);
	}

	@Test
	void disposalOfARunningTaskInterruptsItAndNobodyElse() {
		Scheduler.Worker worker = this.scheduler.createWorker();
		CountDownLatch started = new CountDownLatch(1);
		AtomicBoolean next = new AtomicBoolean(true);
		CountDownLatch ran = new CountDownLatch(1);
		Disposable running = worker.schedule(() -> {
			started.countDown();
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		worker.schedule(() -> {
			next.set(Thread.currentThread().isInterrupted());
			ran.countDown();
		});
		open(started);
		running.dispose();
		running.dispose();
		open(ran);
		assertThat(next).isFalse();
		assertThat(running.isDisposed()).isTrue();
	}

	@ParameterizedTest
	@EnumSource
	void runningTaskIsDisposedHoweverItWasScheduled(Way way) {
		Scheduler.Worker worker = this.scheduler.createWorker();
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch interrupted = new CountDownLatch(1);
		Disposable task = way.schedule(this.scheduler, worker, () -> awaitInterrupt(started, interrupted));
		open(started);
		assertThat(task.isDisposed()).isFalse();
		task.dispose();
		task.dispose();
		assertThat(task.isDisposed()).isTrue();
		open(interrupted);
		await().until(() -> this.scheduler.pendingTasks() == 0);
		worker.dispose();
		this.scheduler.dispose();
		assertThat(worker.isDisposed()).isTrue();
		assertThatExceptionOfType(RejectedExecutionException.class)
			.isThrownBy(() -> way.schedule(this.scheduler, worker, () -> {
			}))
			.isSameAs(Exceptions.failWithRejected());
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void gracefulDisposalIsAskedForByManyThreadsAndForced(boolean forced) throws InterruptedException {
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		this.scheduler.schedule(() -> {
			started.countDown();
			openWhateverInterrupts(release);
		});
		open(started);
		List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
		List<Thread> threads = IntStream.range(0, 10).mapToObj((i) -> new Thread(() -> {
			try {
				this.scheduler.disposeGracefully().timeout(Duration.ofMillis(40)).block();
			}
			catch (RuntimeException ex) {
				failures.add(ex.getCause());
			}
			if (forced) {
				this.scheduler.dispose();
			}
		})).toList();
		threads.forEach(Thread::start);
		for (Thread thread : threads) {
			thread.join();
		}
		assertThat(failures).hasSize(10).hasOnlyElementsOfType(TimeoutException.class);
		StepVerifier.create(this.scheduler.disposeGracefully()).expectTimeout(Duration.ofMillis(40)).verify();
		release.countDown();
		StepVerifier.create(this.scheduler.disposeGracefully()).expectComplete().verify(Duration.ofSeconds(20));
		StepVerifier.create(this.scheduler.disposeGracefully()).expectComplete().verify(Duration.ofSeconds(20));
		assertThat(this.scheduler.isDisposed()).isTrue();
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> this.scheduler.schedule(() -> {
		}));
	}

	@Test
	void taskThatDisposesItselfIsNotInterrupted() {
		Scheduler.Worker worker = this.scheduler.createWorker();
		CountDownLatch ran = new CountDownLatch(1);
		AtomicBoolean interrupted = new AtomicBoolean(true);
		worker.schedule(() -> {
			worker.dispose();
			interrupted.set(Thread.currentThread().isInterrupted());
			ran.countDown();
		});
		open(ran);
		assertThat(interrupted).isFalse();
	}

	@Test
	void disposedTaskDoesNotRun() {
		Scheduler.Worker worker = this.scheduler.createWorker();
		CountDownLatch release = new CountDownLatch(1);
		worker.schedule(() -> open(release));
		AtomicBoolean ran = new AtomicBoolean();
		worker.schedule(() -> ran.set(true)).dispose();
		CountDownLatch after = new CountDownLatch(1);
		worker.schedule(after::countDown);
		release.countDown();
		open(after);
		assertThat(ran).isFalse();
	}

	@Test
	void workerRunsItsTasksInOrderAndOneAtATime() {
		int tasks = 2_000;
		List<List<Integer>> orders = new ArrayList<>();
		CountDownLatch all = new CountDownLatch(4 * tasks);
		AtomicInteger overlaps = new AtomicInteger();
		for (int w = 0; w < 4; w++) {
			Scheduler.Worker worker = this.scheduler.createWorker();
			List<Integer> order = new ArrayList<>();
			orders.add(order);
			AtomicInteger inside = new AtomicInteger();
			for (int i = 0; i < tasks; i++) {
				int number = i;
				worker.schedule(() -> {
					overlaps.addAndGet(inside.getAndIncrement());
					order.add(number);
					inside.decrementAndGet();
					all.countDown();
				});
			}
		}
		open(all);
		assertThat(overlaps).hasValue(0);
		List<Integer> expected = IntStream.range(0, tasks).boxed().toList();
		assertThat(orders).allMatch(expected::equals);
	}

	@Test
	void singleRunsNothingInParallel() {
		assumeTrue(this.subject == Subject.SINGLE);
		AtomicInteger inside = new AtomicInteger();
		AtomicInteger overlaps = new AtomicInteger();
		CountDownLatch all = new CountDownLatch(600);
		Runnable task = () -> {
			overlaps.addAndGet(inside.getAndIncrement());
			Thread.yield();
			inside.decrementAndGet();
			all.countDown();
		};
		for (int i = 0; i < 200; i++) {
			this.scheduler.schedule(task);
			this.scheduler.createWorker().schedule(task);
			this.scheduler.schedule(task, 1, TimeUnit.MILLISECONDS);
		}
		open(all);
		assertThat(overlaps).hasValue(0);
	}

	@Test
	void disposalForgetsDelayedTasks() {
		WeakReference<Runnable> forgotten = scheduleFarAway();
		this.scheduler.dispose();
		await().until(() -> {
			System.gc();
			return forgotten.get() == null;
		});
	}

	private WeakReference<Runnable> scheduleFarAway() {
		AtomicBoolean ran = new AtomicBoolean();
		Runnable task = () -> ran.set(true);
		this.scheduler.schedule(task, 1, TimeUnit.DAYS);
		return new WeakReference<>(task);
	}

	@Test
	void delayedTasksRunAfterTheirDelay() {
		Scheduler.Worker worker = this.scheduler.createWorker();
		CountDownLatch ran = new CountDownLatch(2);
		long start = System.nanoTime();
		AtomicBoolean early = new AtomicBoolean();
		Runnable task = () -> {
			if (System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(10)) {
				early.set(true);
			}
			ran.countDown();
		};
		this.scheduler.schedule(task, 10, TimeUnit.MILLISECONDS);
		worker.schedule(task, 10, TimeUnit.MILLISECONDS);
		open(ran);
		assertThat(early).isFalse();
	}

	@Test
	void periodicTasksRunUntilTheyAreDisposed() {
		Scheduler.Worker worker = this.scheduler.createWorker();
		CountDownLatch ran = new CountDownLatch(3);
		CountDownLatch workerRan = new CountDownLatch(3);
		Disposable direct = this.scheduler.schedulePeriodically(ran::countDown, 1, 1, TimeUnit.MILLISECONDS);
		Disposable ofWorker = worker.schedulePeriodically(workerRan::countDown, 0, 1, TimeUnit.MILLISECONDS);
		open(ran);
		open(workerRan);
		assertThat(direct.isDisposed()).isFalse();
		assertThat(ofWorker.isDisposed()).isFalse();
		direct.dispose();
		worker.dispose();
		assertThat(direct.isDisposed()).isTrue();
		assertThat(ofWorker.isDisposed()).isTrue();
		await().until(() -> this.scheduler.pendingTasks() == 0);
	}

	@Test
	void periodicTaskThatThrowsRunsNoMore() {
		Schedulers.onHandleError((thread, ex) -> {
		});
		AtomicInteger runs = new AtomicInteger();
		Disposable task = this.scheduler.schedulePeriodically(() -> {
			runs.incrementAndGet();
			throw new IllegalStateException("expected");
		}, 1, 1, TimeUnit.MILLISECONDS);
		await().dontCatchUncaughtExceptions().until(task::isDisposed);
		assertThat(runs).hasValue(1);
	}

	@Test
	void errorsGoToReactorsHook() {
		List<Throwable> errors = Collections.synchronizedList(new ArrayList<>());
		Schedulers.onHandleError((thread, ex) -> errors.add(ex));
		IllegalStateException failure = new IllegalStateException("expected");
		this.scheduler.schedule(() -> {
			throw failure;
		});
		await().dontCatchUncaughtExceptions().until(() -> !errors.isEmpty());
		assertThat(errors).containsExactly(failure);
	}

	@Test
	void scheduleHooksDecorateEveryTask() {
		AtomicInteger decorated = new AtomicInteger();
		Schedulers.onScheduleHook("test", (task) -> {
			decorated.incrementAndGet();
			return task;
		});
		Scheduler.Worker worker = this.scheduler.createWorker();
		Runnable task = () -> {
		};
		this.scheduler.schedule(task);
		this.scheduler.schedule(task, 1, TimeUnit.HOURS).dispose();
		this.scheduler.schedulePeriodically(task, 1, 1, TimeUnit.HOURS).dispose();
		worker.schedule(task);
		worker.schedule(task, 1, TimeUnit.HOURS).dispose();
		worker.schedulePeriodically(task, 1, 1, TimeUnit.HOURS).dispose();
		assertThat(decorated).hasValue(6);
	}

	@Test
	void gracefulDisposalWaitsForWhatWasAccepted() {
		CountDownLatch release = new CountDownLatch(1);
		CountDownLatch started = new CountDownLatch(1);
		AtomicBoolean queuedRan = new AtomicBoolean();
		Scheduler.Worker worker = this.scheduler.createWorker();
		worker.schedule(() -> {
			started.countDown();
			open(release);
		});
		worker.schedule(() -> queuedRan.set(true));
		open(started);
		Mono<Void> first = this.scheduler.disposeGracefully();
		Mono<Void> second = this.scheduler.disposeGracefully();
		StepVerifier.create(first).expectTimeout(Duration.ofMillis(50)).verify();
		assertThat(this.scheduler.isDisposed()).isTrue();
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> worker.schedule(() -> {
		}));
		release.countDown();
		StepVerifier.create(second).expectComplete().verify(Duration.ofSeconds(20));
		StepVerifier.create(first).expectComplete().verify(Duration.ofSeconds(20));
		assertThat(queuedRan).isTrue();
	}

	@Test
	void operatorsRunOnIt() {
		StepVerifier
			.create(Flux.range(0, 10_000)
				.publishOn(this.scheduler)
				.flatMap((i) -> Mono.fromSupplier(() -> i).subscribeOn(this.scheduler), 16)
				.reduce(0L, Long::sum))
			.expectNext(49_995_000L)
			.expectComplete()
			.verify(Duration.ofSeconds(20));
		StepVerifier.create(Mono.delay(Duration.ofMillis(5), this.scheduler))
			.expectNext(0L)
			.expectComplete()
			.verify(Duration.ofSeconds(20));
	}

	@Test
	void blockingIsAllowedWhereTheThreadsAreMeantForIt() {
		CountDownLatch ran = new CountDownLatch(1);
		AtomicBoolean blocks = new AtomicBoolean();
		this.scheduler.schedule(() -> {
			blocks.set(!RuntimeThreads.isWorker());
			ran.countDown();
		});
		open(ran);
		assertThat(blocks.get()).isEqualTo(this.subject == Subject.BLOCKING);
	}

	@Test
	void isScannable() {
		Scheduler.Worker worker = this.scheduler.createWorker();
		assertThat(this.scheduler.scan(Scannable.Attr.NAME)).isEqualTo("test");
		assertThat(Scannable.from(worker).scan(Scannable.Attr.NAME)).startsWith("test.worker-");
		assertThat(Scannable.from(worker).scan(Scannable.Attr.PARENT)).isSameAs(this.scheduler);
		assertThat(this.scheduler.scan(Scannable.Attr.TERMINATED)).isFalse();
		worker.dispose();
		assertThat(Scannable.from(worker).scan(Scannable.Attr.CANCELLED)).isTrue();
	}

	private static void open(CountDownLatch latch) {
		try {
			assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	private static void awaitInterrupt(CountDownLatch started, CountDownLatch interrupted) {
		started.countDown();
		try {
			new CountDownLatch(1).await();
		}
		catch (InterruptedException ex) {
			interrupted.countDown();
		}
	}

	private static void openWhateverInterrupts(CountDownLatch latch) {
		while (latch.getCount() > 0) {
			try {
				latch.await();
			}
			catch (InterruptedException ex) {
				// As a task that does not mind
			}
		}
	}

	/**
	 * How a task may be scheduled.
	 */
	enum Way {

		DIRECT, DELAYED, PERIODIC, BY_WORKER, DELAYED_BY_WORKER, PERIODIC_BY_WORKER;

		Disposable schedule(Scheduler scheduler, Scheduler.Worker worker, Runnable task) {
			return switch (this) {
				case DIRECT -> scheduler.schedule(task);
				case DELAYED -> scheduler.schedule(task, 1, TimeUnit.MILLISECONDS);
				case PERIODIC -> scheduler.schedulePeriodically(task, 1, 1, TimeUnit.MILLISECONDS);
				case BY_WORKER -> worker.schedule(task);
				case DELAYED_BY_WORKER -> worker.schedule(task, 1, TimeUnit.MILLISECONDS);
				case PERIODIC_BY_WORKER -> worker.schedulePeriodically(task, 1, 1, TimeUnit.MILLISECONDS);
			};
		}

	}

	enum Subject {

		PARALLEL(StrandScheduler.Kind.PARALLEL), SINGLE(StrandScheduler.Kind.SINGLE),
		BLOCKING(StrandScheduler.Kind.blocking(4, 100_000));

		final StrandScheduler.Kind kind;

		Subject(StrandScheduler.Kind kind) {
			this.kind = kind;
		}

	}

}
