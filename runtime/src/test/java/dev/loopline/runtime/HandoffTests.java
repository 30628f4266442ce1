package dev.loopline.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.loopline.runtime.stall.Stall;
import dev.loopline.runtime.stall.WorkContext;
import dev.loopline.runtime.stall.WorkDescription;
import dev.loopline.runtime.time.Ticker;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Handoff}.
 */
class HandoffTests {

	private static final int ITEMS = 4;

	/** More than a queue of two slots and the last-woken slot hold. */
	private static final int WOKEN = 6;

	private final HookedTicker ticker = new HookedTicker();

	private final UnwatchedThreads threads = new UnwatchedThreads();

	private final List<CheckedIoDriver> drivers = new ArrayList<>();

	private final List<String> ran = Collections.synchronizedList(new ArrayList<>());

	private TaskRuntime runtime;

	@AfterEach
	void endRuntime() {
		this.runtime.close();
		Await.until(() -> this.threads.alive().isEmpty());
		assertThat(this.drivers).allMatch((driver) -> driver.violations() == 0);
	}

	static Stream<Arguments> points() {
		return Stream.of(Point.values())
			.flatMap((point) -> IntStream.of(1, 2)
				.boxed()
				.flatMap((workers) -> Stream.of(Strand.Pace.values())
					.map((pace) -> Arguments.of(point, workers, pace))));
	}

	@ParameterizedTest
	@MethodSource("points")
	void nothingIsLostWhereverTheWorkerIsTakenAway(Point point, int workers, Strand.Pace pace) {
		start((builder) -> builder.workers(workers).budget(point.budget));
		Scenario scenario = new Scenario(point, pace);
		CountDownLatch queued = new CountDownLatch(1);
		CompletableFuture<WorkerThread> loser = new CompletableFuture<>();
		for (int item = 0; item < ITEMS; item++) {
			int number = item;
			scenario.subject.execute(() -> {
				Await.open(queued);
				loser.complete(WorkerThread.current());
				scenario.runItem(number);
			});
		}
		queued.countDown();
		Await.result(scenario.seized);
		Await.until(() -> this.ran.size() == ITEMS + 2 * WOKEN);
		assertThat(this.ran).doesNotHaveDuplicates();
		assertThat(this.ran.stream().filter((name) -> name.startsWith("item"))).containsExactly("item 0", "item 1",
				"item 2", "item 3");
		for (int i = 0; i < WOKEN; i++) {
			String name = "woken " + i;
			assertThat(this.ran.stream().filter((entry) -> entry.startsWith(name))).containsExactly(name + " first",
					name + " second");
		}
		assertThat(scenario.subject.handoffs()).isOne();
		assertThat(scenario.subject.handoffs(Stall.Kind.BLOCKING)).isEqualTo((pace == Strand.Pace.BLOCKING) ? 1 : 0);
		Await.until(this.runtime.scheduler().slowLane()::isIdle);
		awaitReturn(Await.result(loser), workers);
	}

	@Test
	void driverBelongsToTheStandInUntilTheLoserIsBack() {
		start((builder) -> builder.workers(1));
		CheckedIoDriver driver = this.drivers.get(0);
		CountDownLatch end = new CountDownLatch(1);
		CompletableFuture<WorkerThread> loser = new CompletableFuture<>();
		this.runtime.newStrand().execute(() -> {
			driver.forgetPollers();
			takeWorkerAway(Strand.Pace.FAST);
			loser.complete(WorkerThread.current());
			Await.open(end);
		});
		WorkerThread thread = Await.result(loser);
		Await.until(() -> this.runtime.diagnostics().snapshot().scheduling().parkedWorkers() == 1);
		Thread standIn = this.runtime.scheduler().workers()[0].owner.thread();
		assertThat(standIn).isNotSameAs(thread.thread());
		assertThat(driver.pollers()).containsExactly(standIn);
		end.countDown();
		awaitReturn(thread, 1);
		driver.forgetPollers();
		CountDownLatch ran = new CountDownLatch(1);
		this.runtime.newStrand().execute(ran::countDown);
		Await.open(ran);
		Await.until(() -> !driver.pollers().isEmpty());
		assertThat(driver.pollers()).containsExactly(thread.thread());
	}

	@Test
	void contextIsToldOfTheStallBeforeAnythingElseRuns() {
		start((builder) -> builder.workers(1));
		CountDownLatch end = new CountDownLatch(1);
		Strand strand = this.runtime.newStrand();
		strand.setContext(new WorkContext() {

			@Override
			public WorkDescription describe() {
				return WorkDescription.UNKNOWN;
			}

			@Override
			public void stalled(Stall.Kind kind, boolean loading) {
				HandoffTests.this.ran.add(kind + " " + loading + " " + strand.pace());
				throw new IllegalStateException("expected");
			}

		});
		CompletableFuture<WorkerThread> loser = new CompletableFuture<>();
		strand.execute(() -> {
			this.runtime.newStrand().execute(() -> this.ran.add("next"));
			takeWorkerAway(Strand.Pace.BLOCKING);
			loser.complete(WorkerThread.current());
			Await.open(end);
		});
		Await.until(() -> this.ran.size() == 2);
		assertThat(this.ran).containsExactly("BLOCKING false BLOCKING", "next");
		end.countDown();
		awaitReturn(Await.result(loser), 1);
	}

	@Test
	void contextIsToldWhetherAClassIsBeingLoaded() {
		start((builder) -> builder.workers(1));
		CompletableFuture<Boolean> told = new CompletableFuture<>();
		Strand strand = this.runtime.newStrand();
		strand.setContext(new WorkContext() {

			@Override
			public WorkDescription describe() {
				return WorkDescription.UNKNOWN;
			}

			@Override
			public void stalled(Stall.Kind kind, boolean loading) {
				told.complete(loading);
			}

		});
		CompletableFuture<WorkerThread> loser = new CompletableFuture<>();
		strand.execute(() -> new ClassLoader(null) {

			@Override
			protected Class<?> findClass(String name) throws ClassNotFoundException {
				loser.complete(WorkerThread.current());
				takeWorkerAway(Strand.Pace.BLOCKING);
				throw new ClassNotFoundException(name);
			}

			void load() {
				try {
					loadClass("NoSuchClass");
				}
				catch (ClassNotFoundException ex) {
					// So it is.
				}
			}

		}.load());
		assertThat(Await.result(told)).isTrue();
		awaitReturn(Await.result(loser), 1);
	}

	@Test
	void workerMayBeTakenAwayTimeAndAgain() {
		start((builder) -> builder.workers(1));
		CountDownLatch end = new CountDownLatch(1);
		List<WorkerThread> losers = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			CompletableFuture<WorkerThread> loser = new CompletableFuture<>();
			this.runtime.newStrand().execute(() -> {
				takeWorkerAway(Strand.Pace.BLOCKING);
				loser.complete(WorkerThread.current());
				Await.open(end);
			});
			losers.add(Await.result(loser));
		}
		assertThat(losers).doesNotHaveDuplicates();
		Await.until(() -> this.runtime.scheduler().threads().length == 6);
		end.countDown();
		awaitReturn(losers.get(0), 1);
		assertThat(this.runtime.scheduler().blockingPool().idleThreads()).isEqualTo(5);
	}

	@Test
	void onlyOneOfTwoSparesGetsTheWorker() {
		start((builder) -> builder.workers(1));
		CountDownLatch end = new CountDownLatch(1);
		CountDownLatch started = new CountDownLatch(1);
		this.runtime.newStrand().execute(() -> {
			started.countDown();
			Await.open(end);
		});
		Await.open(started);
		Worker worker = this.runtime.scheduler().workers()[0];
		WorkerThread owner = worker.owner;
		long start = owner.pollStart();
		for (int i = 0; i < 4; i++) {
			assertThat(Handoff.start(this.runtime.scheduler(), worker, owner, start, Strand.Pace.BURNING)).isTrue();
		}
		Await.until(() -> worker.owner != owner && this.runtime.scheduler().threads().length == 2);
		end.countDown();
		awaitReturn(owner, 1);
	}

	@Test
	void workerIsNotTakenAwayOnceTheRuntimeHasEnded() {
		start((builder) -> builder.workers(1));
		Worker worker = this.runtime.scheduler().workers()[0];
		WorkerThread owner = worker.owner;
		this.runtime.close();
		assertThat(Handoff.start(this.runtime.scheduler(), worker, owner, 1, Strand.Pace.BURNING)).isFalse();
		assertThat(worker.owner).isNull();
	}

	/**
	 * Takes workers away as fast as spares can be had, wherever their polls are.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void nothingIsLostWhenWorkersAreTakenAwayAtAnyTime(int workers) {
		start((builder) -> builder.workers(workers).budget(3));
		int strands = 300;
		int items = 20;
		CountDownLatch left = new CountDownLatch(strands * items);
		List<Strand> ring = new ArrayList<>();
		List<AtomicInteger> received = new ArrayList<>();
		for (int i = 0; i < strands; i++) {
			ring.add(this.runtime.newStrand());
			received.add(new AtomicInteger());
		}
		AtomicInteger errors = new AtomicInteger();
		List<WorkerThread> owners = Stream.of(this.runtime.scheduler().workers())
			.map((worker) -> worker.owner)
			.toList();
		for (int i = 0; i < strands; i++) {
			pass(ring, received, errors, i, items, left);
		}
		Await.until(() -> {
			takeWorkersAway();
			return left.getCount() == 0;
		});
		assertThat(errors).hasValue(0);
		assertThat(received).allMatch((count) -> count.get() == items);
		owners.forEach((owner) -> awaitReturn(owner, workers));
	}

	private void start(Consumer<TaskRuntimeConfigBuilder> changes) {
		this.runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> {
			builder.ticker(this.ticker).threadFactory(this.threads).queueCapacity(2).stallThreshold(Duration.ofDays(1));
			changes.accept(builder);
		}), (token) -> {
			CheckedIoDriver driver = new CheckedIoDriver(token);
			this.drivers.add(driver);
			return driver;
		});
	}

	/**
	 * Gives the worker of the calling thread, which is inside a poll, to a spare thread.
	 */
	private void takeWorkerAway(Strand.Pace pace) {
		WorkerThread loser = WorkerThread.current();
		Worker worker = loser.worker();
		assertThat(Handoff.start(this.runtime.scheduler(), worker, loser, loser.pollStart(), pace)).isTrue();
		Await.until(() -> worker.owner != loser && List.of(this.runtime.scheduler().threads()).contains(worker.owner));
		assertThat(loser.isSeized()).isTrue();
		assertThat(RuntimeThreads.isWorker()).isFalse();
	}

	private void takeWorkersAway() {
		for (int i = 0; i < 10; i++) {
			for (Worker worker : this.runtime.scheduler().workers()) {
				WorkerThread owner = worker.owner;
				long start = owner.pollStart();
				if (start > 0) {
					Handoff.start(this.runtime.scheduler(), worker, owner, start, Strand.Pace.FAST);
				}
			}
		}
	}

	/**
	 * Waits until the loser has its worker back and every other thread is a spare one.
	 */
	private void awaitReturn(WorkerThread loser, int workers) {
		Await.until(() -> loser.worker().owner == loser && !loser.isSeized()
				&& this.runtime.scheduler().threads().length == workers);
		Await.until(() -> this.runtime.scheduler()
			.blockingPool()
			.idleThreads() == this.runtime.scheduler().blockingPool().threads() - workers);
		assertThat(this.runtime.scheduler().threads()).contains(loser);
	}

	private static void pass(List<Strand> ring, List<AtomicInteger> received, AtomicInteger errors, int position,
			int left, CountDownLatch done) {
		int index = position % ring.size();
		ring.get(index).execute(() -> {
			if (!ring.get(index).isCurrent()) {
				errors.incrementAndGet();
			}
			received.get(index).incrementAndGet();
			if (position % 50 == 0) {
				Await.until(WorkerThread.current()::isSeized);
			}
			if (left > 1) {
				pass(ring, received, errors, position + 1, left - 1, done);
			}
			done.countDown();
		});
	}

	/**
	 * Where in a poll of a strand the worker is taken away.
	 */
	enum Point {

		BEFORE_THE_FIRST_ITEM(128),

		INSIDE_AN_ITEM(128),

		AFTER_WAKING_ONE_STRAND(128),

		WHILE_WAKING_MANY_STRANDS(128),

		BETWEEN_TWO_ITEMS(17),

		AFTER_THE_LAST_ITEM(128),

		WITH_A_YIELD_DUE(1),

		WITH_THE_YIELD_ON_ITS_WAY(1);

		private final int budget;

		Point(int budget) {
			this.budget = budget;
		}

	}

	/**
	 * A strand that wakes others, in the poll in which its thread loses the worker.
	 */
	private final class Scenario {

		private final CompletableFuture<Void> seized = new CompletableFuture<>();

		private final Point point;

		private final Strand.Pace pace;

		private final Strand subject;

		private final List<Strand> woken = new ArrayList<>();

		Scenario(Point point, Strand.Pace pace) {
			this.point = point;
			this.pace = pace;
			this.subject = HandoffTests.this.runtime.newStrand();
			for (int i = 0; i < WOKEN; i++) {
				this.woken.add(HandoffTests.this.runtime.newStrand());
			}
		}

		void runItem(int number) {
			if (number == 0) {
				reach(Point.BEFORE_THE_FIRST_ITEM);
				HandoffTests.this.ran.add("item 0");
				reach(Point.INSIDE_AN_ITEM);
				for (int i = 0; i < WOKEN; i++) {
					wake(i, "first");
					reach((i == 0) ? Point.AFTER_WAKING_ONE_STRAND : Point.WHILE_WAKING_MANY_STRANDS);
				}
				reachAtReading(Point.BETWEEN_TWO_ITEMS, 1);
				reachAtReading(Point.WITH_A_YIELD_DUE, 1);
				reachAtReading(Point.WITH_THE_YIELD_ON_ITS_WAY, 2);
				return;
			}
			HandoffTests.this.ran.add("item " + number);
			if (number == ITEMS - 1) {
				for (int i = 0; i < WOKEN; i++) {
					wake(i, "second");
				}
				reachAtReading(Point.AFTER_THE_LAST_ITEM, 1);
			}
		}

		private void wake(int index, String turn) {
			this.woken.get(index).execute(() -> HandoffTests.this.ran.add("woken %d %s".formatted(index, turn)));
		}

		private void reach(Point reached) {
			if (reached == this.point && !this.seized.isDone()) {
				takeWorkerAway(this.pace);
				this.seized.complete(null);
			}
		}

		private void reachAtReading(Point reached, int readings) {
			if (reached == this.point) {
				HandoffTests.this.ticker.hook(readings, () -> reach(reached));
			}
		}

	}

	/**
	 * A ticker that never moves and lets a test in when a certain thread reads it. What
	 * is not volatile belongs to that thread.
	 */
	private static final class HookedTicker implements Ticker {

		private final FakeTicker delegate = new FakeTicker();

		private volatile Thread thread;

		private int left;

		private Runnable hook;

		/**
		 * Calls the hook within the n-th reading of the calling thread.
		 */
		void hook(int readings, Runnable hook) {
			this.hook = hook;
			this.left = readings;
			this.thread = Thread.currentThread();
		}

		@Override
		public long nanos() {
			if (this.thread == Thread.currentThread() && --this.left == 0) {
				this.thread = null;
				this.hook.run();
			}
			return this.delegate.nanos();
		}

	}

}
