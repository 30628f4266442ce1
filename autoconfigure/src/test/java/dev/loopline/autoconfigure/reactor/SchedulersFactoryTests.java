package dev.loopline.autoconfigure.reactor;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;

import io.netty.util.concurrent.DefaultThreadFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link SchedulersFactory}.
 */
class SchedulersFactoryTests {

	private static final long HALF_A_SECOND = 500;

	private final TaskRuntime first = start("first");

	private final TaskRuntime second = start("second");

	private final SchedulersOwner owner = new SchedulersOwner(() -> this.first, true);

	private final SchedulersOwner other = new SchedulersOwner(() -> this.second, true);

	private final BlockingQueue<String> ran = new LinkedBlockingQueue<>();

	private @Nullable Scheduler before;

	@BeforeEach
	void enter() {
		this.before = Schedulers.parallel();
		SchedulersFactory.INSTANCE.enter(this.owner);
	}

	@AfterEach
	void leave() {
		VirtualTimeScheduler.reset();
		SchedulersFactory.INSTANCE.leave(this.owner);
		SchedulersFactory.INSTANCE.leave(this.other);
		this.first.close();
		this.second.close();
		assertThat(threadOf(Schedulers.parallel())).startsWith("parallel-");
	}

	@ParameterizedTest
	@EnumSource(Cached.class)
	void restoresWhatWasThere(Cached cached) {
		SchedulersFactory.INSTANCE.leave(this.owner);
		Scheduler reactors = cached.get();
		SchedulersFactory.INSTANCE.enter(this.owner);
		assertThat(threadOf(cached.get())).startsWith("first-");
		assertThat(threadOf(reactors)).startsWith(cached.name());
		SchedulersFactory.INSTANCE.leave(this.owner);
		assertThat(cached.get()).isSameAs(reactors);
		assertThat(threadOf(reactors)).startsWith(cached.name());
	}

	@ParameterizedTest
	@EnumSource(Cached.class)
	void nextContextTakesOver(Cached cached) {
		Scheduler held = cached.get();
		Scheduler.Worker worker = held.createWorker();
		assertThat(threadOf(held)).startsWith("first-");
		SchedulersFactory.INSTANCE.enter(this.other);
		assertThat(threadOf(cached.get())).startsWith("first-");
		SchedulersFactory.INSTANCE.leave(this.owner);
		this.first.close();
		assertThat(threadOf(cached.get())).startsWith("second-");
		assertThat(threadOf(held)).startsWith("second-");
		worker.schedule(this::note);
		assertThat(awaitThread()).startsWith("second-");
		worker.dispose();
	}

	@ParameterizedTest
	@EnumSource(Cached.class)
	void whatIsHeldGoesOnWithoutContexts(Cached cached) {
		Scheduler held = cached.get();
		Scheduler.Worker worker = held.createWorker();
		SchedulersFactory.INSTANCE.leave(this.owner);
		this.first.close();
		assertThat(threadOf(held)).startsWith(cached.name());
		assertThat(threadOf(held)).startsWith(cached.name());
		worker.schedule(this::note);
		assertThat(awaitThread()).startsWith(cached.name());
		worker.dispose();
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> worker.schedule(this::note));
		assertThat(Mono.delay(Duration.ofMillis(1), held).block(Duration.ofSeconds(20))).isZero();
		assertThat(held.now(TimeUnit.MILLISECONDS)).isPositive();
	}

	@ParameterizedTest
	@EnumSource(Cached.class)
	void contextsThatComeAndGoLeaveNoThreads(Cached cached) {
		Set<String> heirs = new HashSet<>();
		int contexts = 2 * Schedulers.DEFAULT_POOL_SIZE;
		for (int i = 0; i < contexts; i++) {
			Scheduler held = cached.get();
			SchedulersFactory.INSTANCE.leave(this.owner);
			Scheduler.Worker worker = held.createWorker();
			worker.schedule(this::note);
			heirs.add(awaitThread());
			worker.dispose();
			held.dispose();
			assertThat(threadOf(cached.get())).startsWith(cached.name());
			SchedulersFactory.INSTANCE.enter(this.owner);
		}
		assertThat(heirs).allMatch((name) -> name.startsWith(cached.name())).hasSizeLessThan(contexts);
	}

	@ParameterizedTest
	@EnumSource(Cached.class)
	void timersOutliveTheContext(Cached cached) {
		Scheduler held = cached.get();
		Scheduler.Worker worker = held.createWorker();
		held.schedule(this::note, HALF_A_SECOND, TimeUnit.MILLISECONDS);
		worker.schedule(this::note, HALF_A_SECOND, TimeUnit.MILLISECONDS);
		Disposable disposed = held.schedule(() -> this.ran.add("disposed"), HALF_A_SECOND, TimeUnit.MILLISECONDS);
		Disposable periodic = held.schedulePeriodically(this::note, HALF_A_SECOND, 1, TimeUnit.MILLISECONDS);
		SchedulersFactory.INSTANCE.leave(this.owner);
		this.first.close();
		disposed.dispose();
		for (int i = 0; i < 10; i++) {
			assertThat(awaitThread()).startsWith(cached.name());
		}
		periodic.dispose();
		worker.dispose();
	}

	@Test
	void disposedWorkerTakesItsTimersAlongWhereverTheyAre() {
		Scheduler.Worker worker = Schedulers.parallel().createWorker();
		worker.schedule(() -> this.ran.add("disposed"), HALF_A_SECOND, TimeUnit.MILLISECONDS);
		SchedulersFactory.INSTANCE.leave(this.owner);
		worker.dispose();
		Mono.delay(Duration.ofMillis(2 * HALF_A_SECOND)).block();
		assertThat(this.ran).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(Cached.class)
	void comesBackAfterAReset(Cached cached) {
		Scheduler reset = cached.get();
		Schedulers.resetFactory();
		assertThat(reset.isDisposed()).isTrue();
		threadOf(cached.get());
		assertThat(threadOf(cached.get())).startsWith("first-");
		assertThat(threadOf(Schedulers.parallel())).startsWith("first-");
	}

	@Test
	void givesBackEvenAfterAReset() {
		Schedulers.resetFactory();
		Schedulers.parallel();
		SchedulersFactory.INSTANCE.leave(this.owner);
		assertThat(Schedulers.parallel()).isSameAs(this.before);
	}

	@Test
	void comesBackAfterAShutdown() {
		Scheduler old = Schedulers.parallel();
		Schedulers.shutdownNow();
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> old.schedule(this::note));
		assertThat(threadOf(Schedulers.parallel())).startsWith("first-");
	}

	@Test
	void comesBackAfterVirtualTime() {
		Scheduler ours = Schedulers.parallel();
		StepVerifier.withVirtualTime(() -> Mono.delay(Duration.ofDays(1)))
			.thenAwait(Duration.ofDays(1))
			.expectNext(0L)
			.verifyComplete();
		assertThat(Schedulers.parallel()).isSameAs(ours);
		assertThat(threadOf(ours)).startsWith("first-");
	}

	@Test
	void virtualTimeOutlivesTheContext() {
		Scheduler ours = Schedulers.parallel();
		VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
		SchedulersFactory.INSTANCE.leave(this.owner);
		this.first.close();
		assertThat(VirtualTimeScheduler.get()).isSameAs(time);
		Mono.delay(Duration.ofDays(1)).subscribe((tick) -> this.ran.add("virtual"));
		time.advanceTimeBy(Duration.ofDays(1));
		assertThat(this.ran).containsExactly("virtual");
		VirtualTimeScheduler.reset();
		assertThat(Schedulers.parallel()).isSameAs(ours);
		assertThat(threadOf(ours)).startsWith("parallel-");
		SchedulersFactory.INSTANCE.enter(this.other);
		assertThat(threadOf(Schedulers.parallel())).startsWith("second-");
	}

	@Test
	void contextThatStartsInVirtualTimeLeavesItAlone() {
		SchedulersFactory.INSTANCE.leave(this.owner);
		VirtualTimeScheduler.getOrSet();
		SchedulersFactory.INSTANCE.enter(this.owner);
		assertThat(Schedulers.newParallel("any").toString()).contains("VirtualTime");
		VirtualTimeScheduler.reset();
		assertThat(threadOf(Schedulers.newParallel("any", 2))).startsWith("any-");
		assertThat(threadOf(Schedulers.parallel())).startsWith("first-");
	}

	@Test
	void leavesTheFactoryOfTheApplicationAlone() {
		Scheduler single = Schedulers.newSingle("theirs");
		SchedulersFactory.INSTANCE.leave(this.owner);
		Schedulers.Snapshot reactors = Schedulers.setFactoryWithSnapshot(new Schedulers.Factory() {

			@Override
			public Scheduler newSingle(ThreadFactory threadFactory) {
				return Schedulers.immediate();
			}

		});
		SchedulersFactory.INSTANCE.enter(this.owner);
		assertThat(threadOf(Schedulers.single())).isEqualTo(Thread.currentThread().getName());
		assertThat(threadOf(Schedulers.parallel())).startsWith("parallel-");
		SchedulersFactory.INSTANCE.leave(this.owner);
		assertThat(threadOf(Schedulers.single())).isEqualTo(Thread.currentThread().getName());
		Schedulers.resetFrom(reactors);
		single.dispose();
	}

	@ParameterizedTest
	@ValueSource(strings = { "parallel", "elastic" })
	void leavesAloneTheFactoryThatMakesOnlyOthers(String theirs) {
		SchedulersFactory.INSTANCE.leave(this.owner);
		Schedulers.Snapshot reactors = Schedulers.setFactoryWithSnapshot(new Schedulers.Factory() {

			@Override
			public Scheduler newParallel(int parallelism, ThreadFactory threads) {
				return theirs.equals("parallel") ? Schedulers.immediate()
						: Schedulers.Factory.super.newParallel(parallelism, threads);
			}

			@Override
			public Scheduler newBoundedElastic(int cap, int queue, ThreadFactory threads, int seconds) {
				return theirs.equals("elastic") ? Schedulers.immediate()
						: Schedulers.Factory.super.newBoundedElastic(cap, queue, threads, seconds);
			}

		});
		SchedulersFactory.INSTANCE.enter(this.owner);
		Scheduler made = theirs.equals("parallel") ? Schedulers.newParallel("any")
				: Schedulers.newBoundedElastic(1, 1, "any");
		assertThat(threadOf(made)).isEqualTo(Thread.currentThread().getName());
		SchedulersFactory.INSTANCE.leave(this.owner);
		Schedulers.resetFrom(reactors);
	}

	@Test
	void gracefulEndWaitsForTheHeir() throws Exception {
		Scheduler held = Schedulers.newParallel("held", 2);
		SchedulersFactory.INSTANCE.leave(this.owner);
		CountDownLatch open = new CountDownLatch(1);
		held.schedule(() -> awaitOpen(open));
		CompletableFuture<Void> ended = held.disposeGracefully().toFuture();
		assertThat(ended).isNotDone();
		open.countDown();
		ended.get(20, TimeUnit.SECONDS);
		assertThat(held.isDisposed()).isTrue();
	}

	@Test
	void whatIsHeldDoesNotKeepTheRuntimeThatHasEnded() {
		SchedulersFactory.INSTANCE.leave(this.owner);
		AtomicReference<@Nullable TaskRuntime> third = new AtomicReference<>(start("third"));
		SchedulersOwner owner = new SchedulersOwner(() -> Objects.requireNonNull(third.get()), true);
		SchedulersFactory.INSTANCE.enter(owner);
		Scheduler held = Schedulers.parallel();
		Scheduler.Worker worker = held.createWorker();
		SchedulersFactory.INSTANCE.enter(this.other);
		SchedulersFactory.INSTANCE.leave(owner);
		worker.schedule(this::note);
		assertThat(awaitThread()).startsWith("second-");
		WeakReference<TaskRuntime> ended = end(third);
		await().atMost(Duration.ofSeconds(20)).until(() -> {
			System.gc();
			return ended.get() == null;
		});
		assertThat(threadOf(held)).startsWith("second-");
		worker.dispose();
	}

	private static WeakReference<TaskRuntime> end(AtomicReference<@Nullable TaskRuntime> runtime) {
		TaskRuntime last = Objects.requireNonNull(runtime.getAndSet(null));
		last.close();
		return new WeakReference<>(last);
	}

	@Test
	void heirOfAnHeirIsTheHeir() {
		StrandScheduler held = (StrandScheduler) Schedulers.newSingle("held");
		SchedulersFactory.INSTANCE.enter(this.other);
		SchedulersFactory.INSTANCE.leave(this.owner);
		Scheduler second = held.heir();
		SchedulersFactory.INSTANCE.leave(this.other);
		assertThat(threadOf(held)).startsWith("held-");
		assertThat(held.heir()).isNotSameAs(second);
		held.dispose();
	}

	@ParameterizedTest
	@EnumSource(Made.class)
	void isCalledAsReactorCallsIt(Made made) {
		Scheduler ours = made.get();
		SchedulersFactory.INSTANCE.leave(this.owner);
		Scheduler reactors = made.get();
		assertThat(ours).hasToString(reactors.toString());
		assertThat(scan(ours, Scannable.Attr.NAME)).isEqualTo(scan(reactors, Scannable.Attr.NAME));
		assertThat(scan(ours, Scannable.Attr.CAPACITY)).isEqualTo(scan(reactors, Scannable.Attr.CAPACITY));
		assertThat(scan(ours, Scannable.Attr.TERMINATED)).isEqualTo(false);
		ours.dispose();
		reactors.dispose();
		assertThat(scan(ours, Scannable.Attr.TERMINATED)).isEqualTo(true);
	}

	@ParameterizedTest
	@EnumSource(Made.class)
	void refusesToBlockWhereReactorDoes(Made made) {
		Scheduler ours = made.get();
		boolean refused = isNonBlocking(ours);
		SchedulersFactory.INSTANCE.leave(this.owner);
		Scheduler reactors = made.get();
		assertThat(isNonBlocking(reactors)).isEqualTo(refused);
		ours.dispose();
		reactors.dispose();
	}

	@ParameterizedTest
	@EnumSource(Made.class)
	void disposalReachesWhoHasInherited(Made made) {
		Scheduler ours = made.get();
		SchedulersFactory.INSTANCE.leave(this.owner);
		assertThat(threadOf(ours)).startsWith("made");
		ours.dispose();
		assertThat(ours.isDisposed()).isTrue();
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> ours.schedule(this::note));
	}

	@Test
	void poolOfManyRunsNoMoreAtOnce() throws InterruptedException {
		Scheduler pool = Schedulers.newParallel("pool", 1);
		CountDownLatch open = new CountDownLatch(1);
		pool.schedule(() -> awaitOpen(open));
		pool.schedule(this::note);
		pool.createWorker().schedule(this::note);
		Scheduler free = Schedulers.parallel();
		free.schedule(() -> this.ran.add("free"));
		assertThat(this.ran.poll(20, TimeUnit.SECONDS)).isEqualTo("free");
		assertThat(this.ran).isEmpty();
		open.countDown();
		assertThat(List.of(awaitThread(), awaitThread())).allMatch((thread) -> thread.startsWith("first-"));
		pool.dispose();
	}

	@Test
	void poolOfNothingIsRefusedAsReactorRefusesIt() {
		assertThatIllegalArgumentException().isThrownBy(() -> Schedulers.newParallel("none", 0));
		assertThatIllegalArgumentException().isThrownBy(() -> Schedulers.newBoundedElastic(1, 0, "none"));
	}

	@Test
	void threadsOfTheApplicationStayTheirs() {
		Scheduler scheduler = Schedulers.newSingle((task) -> new Thread(task, "theirs"));
		assertThat(threadOf(scheduler)).isEqualTo("theirs");
		scheduler.dispose();
	}

	@Test
	void queueIsAsLongAsThoseOfAllThreads() {
		Scheduler elastic = Schedulers.newBoundedElastic(2, 3, "bounded");
		CountDownLatch open = new CountDownLatch(1);
		for (int i = 0; i < 8; i++) {
			elastic.schedule(() -> awaitOpen(open));
		}
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> elastic.schedule(this::note));
		open.countDown();
		elastic.dispose();
	}

	private void note() {
		this.ran.add(Thread.currentThread().getName());
	}

	private String awaitThread() {
		try {
			String thread = this.ran.poll(20, TimeUnit.SECONDS);
			return (thread != null) ? thread : "none";
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void awaitOpen(CountDownLatch open) {
		try {
			open.await(20, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static @Nullable Object scan(Scheduler scheduler, Scannable.Attr<?> attribute) {
		return Scannable.from(scheduler).scanUnsafe(attribute);
	}

	private static boolean isNonBlocking(Scheduler scheduler) {
		return Boolean.TRUE.equals(on(scheduler, Schedulers::isInNonBlockingThread));
	}

	private static String threadOf(Scheduler scheduler) {
		return String.valueOf(on(scheduler, () -> Thread.currentThread().getName()));
	}

	private static @Nullable Object on(Scheduler scheduler, Supplier<?> supplier) {
		return Mono.fromSupplier(supplier)
			.map(Function.identity())
			.subscribeOn(scheduler)
			.block(Duration.ofSeconds(20));
	}

	private static TaskRuntime start(String pool) {
		BlockingGuard.install();
		return TaskRuntime.start(TaskRuntimeConfig
			.of((builder) -> builder.workers(2).threadFactory(new DefaultThreadFactory(pool, true))));
	}

	enum Cached implements Supplier<Scheduler> {

		parallel {
			@Override
			public Scheduler get() {
				return Schedulers.parallel();
			}
		},

		single {
			@Override
			public Scheduler get() {
				return Schedulers.single();
			}
		},

		boundedElastic {
			@Override
			public Scheduler get() {
				return Schedulers.boundedElastic();
			}
		}

	}

	enum Made implements Supplier<Scheduler> {

		PARALLEL {
			@Override
			public Scheduler get() {
				return Schedulers.newParallel("made", 3);
			}
		},

		SINGLE {
			@Override
			public Scheduler get() {
				return Schedulers.newSingle("made");
			}
		},

		BOUNDED {
			@Override
			public Scheduler get() {
				return Schedulers.newBoundedElastic(3, 100, "made");
			}
		},

		UNBOUNDED {
			@Override
			public Scheduler get() {
				return Schedulers.newBoundedElastic(3, Integer.MAX_VALUE, "made");
			}
		}

	}

}
