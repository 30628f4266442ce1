package dev.loopline.autoconfigure.reactor;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import dev.loopline.runtime.JoinHandle;
import dev.loopline.runtime.TaskHooks;
import dev.loopline.runtime.TaskObserver;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.awaitility.Awaitility.await;

/**
 * Tests that a task of a {@link StrandScheduler} may throw whatever it likes: Reactor is
 * told as by its own schedulers, and only that task ends.
 */
@Timeout(60)
class SchedulerErrorTests {

	private final List<Throwable> handled = new CopyOnWriteArrayList<>();

	private final List<Throwable> uncaught = new CopyOnWriteArrayList<>();

	private final Logger log = (Logger) LoggerFactory.getLogger(StrandScheduler.class);

	private final TaskRuntime runtime = start();

	private TaskRuntime start(TaskHooks... hooks) {
		return TaskRuntime.start(TaskRuntimeConfig.of((builder) -> {
			builder.workers(1).threadFactory(this::newThread);
			Stream.of(hooks).forEach(builder::taskHooks);
		}));
	}

	private Thread newThread(Runnable body) {
		Thread thread = new Thread(body);
		thread.setUncaughtExceptionHandler((failed, ex) -> this.uncaught.add(ex));
		return thread;
	}

	@BeforeEach
	void keepQuiet() {
		this.log.setLevel(Level.OFF);
	}

	@AfterEach
	void end() {
		this.log.setLevel(null);
		Schedulers.resetOnHandleError();
		this.runtime.close();
	}

	@ParameterizedTest
	@MethodSource("casesAndThrowables")
	void onlyTheTaskThatThrowsEnds(StrandSchedulerTests.Subject subject, boolean ofWorker, boolean handlerThrows,
			Throwable thrown) {
		Schedulers.onHandleError((thread, ex) -> {
			this.handled.add(ex);
			if (handlerThrows) {
				throw new StackOverflowError("of the handler");
			}
		});
		StrandScheduler scheduler = new StrandScheduler(() -> this.runtime, "test", subject.kind);
		Scheduler.@Nullable Worker worker = ofWorker ? scheduler.createWorker() : null;
		List<Disposable> tasks = List.of(
				schedule(scheduler, worker, () -> SchedulerErrorTests.<RuntimeException>sneak(thrown)),
				(worker != null)
						? worker.schedule(() -> SchedulerErrorTests.<RuntimeException>sneak(thrown), 1,
								TimeUnit.MILLISECONDS)
						: scheduler.schedule(() -> SchedulerErrorTests.<RuntimeException>sneak(thrown), 1,
								TimeUnit.MILLISECONDS));
		AtomicInteger runs = new AtomicInteger();
		Runnable periodic = () -> {
			runs.incrementAndGet();
			SchedulerErrorTests.<RuntimeException>sneak(thrown);
		};
		Disposable again = (worker != null) ? worker.schedulePeriodically(periodic, 0, 1, TimeUnit.MILLISECONDS)
				: scheduler.schedulePeriodically(periodic, 0, 1, TimeUnit.MILLISECONDS);
		CountDownLatch next = new CountDownLatch(3);
		for (int i = 0; i < 3; i++) {
			schedule(scheduler, worker, next::countDown);
		}
		await().dontCatchUncaughtExceptions()
			.until(() -> next.getCount() == 0 && again.isDisposed() && tasks.stream().allMatch(Disposable::isDisposed)
					&& scheduler.pendingTasks() == 0);
		assertThat(runs).hasValue(1);
		assertThat(this.handled).contains(thrown);
		assertThat(this.uncaught).contains(thrown);
		if (!handlerThrows) {
			assertThat(this.handled).containsExactly(thrown, thrown, thrown);
		}
		AtomicInteger interrupted = new AtomicInteger();
		again.dispose();
		CountDownLatch last = new CountDownLatch(1);
		schedule(scheduler, worker, () -> {
			interrupted.addAndGet(Thread.currentThread().isInterrupted() ? 1 : 0);
			last.countDown();
		});
		await().until(() -> last.getCount() == 0);
		assertThat(interrupted).hasValue(0);
		scheduler.disposeGracefully().block();
	}

	static Stream<Arguments> casesAndThrowables() {
		List<Throwable> throwables = List.of(new StackOverflowError("expected"), new OutOfMemoryError("expected"),
				new NoClassDefFoundError("expected"), threadDeath(), new InternalError("expected"),
				new AssertionError("expected"), new IOException("expected"), new IllegalStateException("expected"));
		return Stream.of(StrandSchedulerTests.Subject.values())
			.flatMap((subject) -> Stream.of(true, false)
				.flatMap((ofWorker) -> Stream.of(true, false)
					.flatMap((handlerThrows) -> throwables.stream()
						.map((thrown) -> Arguments.of(subject, ofWorker, handlerThrows, thrown)))));
	}

	@SuppressWarnings("removal")
	private static Throwable threadDeath() {
		return new ThreadDeath();
	}

	private static Disposable schedule(Scheduler scheduler, Scheduler.@Nullable Worker worker, Runnable task) {
		return (worker != null) ? worker.schedule(task) : scheduler.schedule(task);
	}

	@Test
	void hookThatFailsAroundABlockingJobCostsNoThread() {
		try (TaskRuntime hooked = start(new ThrowingHooks())) {
			Scheduler scheduler = new StrandScheduler(() -> hooked, "test", StrandScheduler.Kind.blocking(1, 10));
			Scheduler.Worker worker = scheduler.createWorker();
			CountDownLatch ran = new CountDownLatch(4);
			scheduler.schedule(ran::countDown);
			worker.schedule(ran::countDown);
			scheduler.schedule(ran::countDown);
			worker.schedule(ran::countDown);
			await().until(() -> ran.getCount() == 0);
		}
	}

	@Test
	void refusesNull() {
		StrandScheduler scheduler = StrandScheduler.of(this.runtime);
		Scheduler.Worker worker = scheduler.createWorker();
		Stream.<Runnable>of(() -> StrandScheduler.of(null), () -> StrandScheduler.single(null),
				() -> Cooperation.on(null), () -> scheduler.schedule(null),
				() -> scheduler.schedule(null, 1, TimeUnit.SECONDS),
				() -> scheduler.schedulePeriodically(null, 1, 1, TimeUnit.SECONDS), () -> scheduler.schedule(() -> {
				}, 1, null), () -> worker.schedule(null), () -> worker.schedule(null, 1, TimeUnit.SECONDS),
				() -> worker.schedulePeriodically(null, 1, 1, TimeUnit.SECONDS))
			.forEach((call) -> assertThatNullPointerException().isThrownBy(call::run));
		assertThat(scheduler.pendingTasks()).isZero();
	}

	@SuppressWarnings("unchecked")
	private static <E extends Throwable> void sneak(Throwable thrown) throws E {
		throw (E) thrown;
	}

	private static final class ThrowingHooks implements TaskHooks {

		@Override
		public @Nullable TaskObserver onSpawn(JoinHandle<?> task) {
			return null;
		}

		@Override
		public <T> Callable<T> onSpawnBlocking(Callable<T> job) {
			return () -> {
				throw new NoClassDefFoundError("expected");
			};
		}

	}

}
