package dev.loopline.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for pinned {@link Strand}s.
 */
class PinnedStrandTests {

	private final UnwatchedThreads threads = new UnwatchedThreads();

	private final List<CheckedIoDriver> drivers = new ArrayList<>();

	private final CountDownLatch gate = new CountDownLatch(1);

	private TaskRuntime runtime;

	@AfterEach
	void endRuntime() {
		this.gate.countDown();
		if (this.runtime != null) {
			this.runtime.close();
		}
		Await.until(() -> this.threads.alive().isEmpty());
		assertThat(this.drivers).allMatch((driver) -> driver.violations() == 0);
	}

	@Test
	void runsOnItsWorkerUnderTheTokenWhoeverSchedulesIt() {
		start((builder) -> builder.workers(3));
		Strand pinned = this.runtime.newStrand(StrandOptions.DEFAULTS.homeWorker(1).pinned());
		int tasks = 300;
		CountDownLatch left = new CountDownLatch(3 * tasks);
		AtomicInteger astray = new AtomicInteger();
		Runnable task = () -> {
			if (!isAtHome(pinned)) {
				astray.incrementAndGet();
			}
			left.countDown();
		};
		for (int i = 0; i < tasks; i++) {
			pinned.execute(task);
			this.runtime.newStrand().execute(() -> pinned.execute(task));
			this.runtime.newStrand(StrandOptions.DEFAULTS.homeWorker(i % 3).pinned())
				.execute(() -> pinned.execute(task));
		}
		Await.open(left);
		assertThat(astray).hasValue(0);
	}

	@Test
	void sleepingWorkerIsWokenForIt() {
		start((builder) -> builder.workers(2));
		Strand here = this.runtime.newStrand(StrandOptions.DEFAULTS.homeWorker(0).pinned());
		Strand there = this.runtime.newStrand(StrandOptions.DEFAULTS.homeWorker(1).pinned());
		for (int i = 0; i < 20; i++) {
			Await.until(() -> this.runtime.diagnostics().snapshot().scheduling().parkedWorkers() == 2);
			CountDownLatch ran = new CountDownLatch(1);
			here.execute(() -> there.execute(ran::countDown));
			Await.open(ran);
		}
	}

	@Test
	void itsTasksRunInTheOrderOfEachProducer() {
		start((builder) -> builder.workers(2).budget(7));
		Strand pinned = this.runtime.newStrand(StrandOptions.DEFAULTS.homeWorker(0).pinned());
		int tasks = 2_000;
		int[] next = new int[2];
		CountDownLatch left = new CountDownLatch(2 * tasks);
		for (int i = 0; i < 2; i++) {
			int producer = i;
			Strand strand = this.runtime.newStrand(StrandOptions.DEFAULTS.homeWorker(i).pinned());
			strand.execute(() -> {
				for (int task = 0; task < tasks; task++) {
					int number = task;
					pinned.execute(() -> {
						if (next[producer] == number) {
							next[producer]++;
						}
						left.countDown();
					});
				}
			});
		}
		Await.open(left);
		assertThat(next).containsOnly(tasks);
	}

	@Test
	void spentBudgetLetsTheNextOneRun() {
		start((builder) -> builder.workers(1).budget(2).quantum(Duration.ofHours(1)));
		List<String> turns = Collections.synchronizedList(new ArrayList<>());
		CountDownLatch left = new CountDownLatch(12);
		block(this.runtime.newStrand(StrandOptions.DEFAULTS.homeWorker(0).pinned()));
		for (String name : List.of("a", "b")) {
			Strand strand = this.runtime.newStrand(StrandOptions.DEFAULTS.homeWorker(0).pinned());
			for (int i = 0; i < 6; i++) {
				strand.execute(() -> {
					turns.add(name);
					left.countDown();
				});
			}
		}
		this.gate.countDown();
		Await.open(left);
		assertThat(turns).containsExactly("a", "a", "b", "b", "a", "a", "b", "b", "a", "a", "b", "b");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void oneThatIsNeverDoneStarvesNobody(boolean pinned) {
		start((builder) -> builder.workers(1));
		AtomicBoolean stop = new AtomicBoolean();
		CountDownLatch ended = new CountDownLatch(1);
		Strand busy = this.runtime.newStrand(StrandOptions.DEFAULTS.homeWorker(0).pinned());
		busy.execute(new Runnable() {

			@Override
			public void run() {
				if (stop.get()) {
					ended.countDown();
				}
				else {
					busy.execute(this);
				}
			}

		});
		CountDownLatch ran = new CountDownLatch(2);
		Strand other = this.runtime.newStrand(at(0, pinned));
		Strand inner = this.runtime.newStrand(at(0, pinned));
		other.execute(() -> {
			ran.countDown();
			inner.execute(ran::countDown);
		});
		Await.open(ran);
		assertThat(ended.getCount()).isEqualTo(1);
		stop.set(true);
		Await.open(ended);
	}

	@Test
	void manyThatYieldStarveNobody() {
		start((builder) -> builder.workers(1).budget(1));
		AtomicBoolean stop = new AtomicBoolean();
		CountDownLatch ended = new CountDownLatch(2);
		Strand ping = this.runtime.newStrand(StrandOptions.DEFAULTS.homeWorker(0).pinned());
		Strand pong = this.runtime.newStrand(StrandOptions.DEFAULTS.homeWorker(0).pinned());
		ping.execute(() -> rallyUntil(stop, ping, pong, ended));
		pong.execute(() -> rallyUntil(stop, pong, ping, ended));
		CountDownLatch ran = new CountDownLatch(1);
		this.runtime.newStrand().execute(ran::countDown);
		Await.open(ran);
		stop.set(true);
		Await.open(ended);
	}

	/**
	 * The stuck thread keeps the token, and with it the pinned strands of its worker, but
	 * nothing else.
	 */
	@Test
	void stuckOneDoesNotKeepOrdinaryStrandsFromTheSuccessor() {
		start((builder) -> builder.workers(1));
		Strand stuck = this.runtime.newStrand(StrandOptions.DEFAULTS.homeWorker(0).pinned());
		Strand queued = this.runtime.newStrand();
		CountDownLatch ran = new CountDownLatch(2);
		CountDownLatch pinnedRan = new CountDownLatch(1);
		CountDownLatch running = new CountDownLatch(1);
		stuck.execute(() -> {
			queued.execute(ran::countDown);
			running.countDown();
			Await.open(this.gate);
		});
		Await.open(running);
		this.runtime.newStrand(StrandOptions.DEFAULTS.homeWorker(0).pinned()).execute(pinnedRan::countDown);
		this.runtime.newStrand().execute(ran::countDown);
		takeWorkerAway(0);
		Await.open(ran);
		assertThat(pinnedRan.getCount()).isEqualTo(1);
		this.gate.countDown();
		Await.open(pinnedRan);
	}

	@Test
	void oneThatWasStuckStaysWithItsWorkerAndIsNotBusyAfterwards() {
		start((builder) -> builder.workers(1).budget(1));
		Strand pinned = this.runtime.newStrand(StrandOptions.DEFAULTS.homeWorker(0).pinned());
		block(pinned);
		takeWorkerAway(0);
		CompletableFuture<Boolean> home = new CompletableFuture<>();
		pinned.execute(() -> home.complete(isAtHome(pinned)));
		this.gate.countDown();
		assertThat(Await.result(home)).isTrue();
		Await.until(() -> !StrandIo.isBusy(pinned));
		assertThat(this.runtime.scheduler().slowLane().admissions()).isZero();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3 })
	void whatIsQueuedRunsBeforeTheEnd(int workers) {
		start((builder) -> builder.workers(workers).budget(2));
		block(this.runtime.newStrand(StrandOptions.DEFAULTS.homeWorker(0).pinned()));
		AtomicInteger ran = new AtomicInteger();
		for (int i = 0; i < 50; i++) {
			Strand outer = this.runtime.newStrand(StrandOptions.DEFAULTS.homeWorker(0).pinned());
			Strand inner = this.runtime.newStrand(StrandOptions.DEFAULTS.homeWorker(i % workers).pinned());
			for (int task = 0; task < 5; task++) {
				outer.execute(() -> {
					ran.incrementAndGet();
					inner.execute(ran::incrementAndGet);
				});
			}
		}
		CompletionStage<Void> termination = this.runtime.shutdown(Duration.ZERO, Duration.ofSeconds(20));
		this.gate.countDown();
		Await.result(termination);
		assertThat(ran).hasValue(500);
	}

	@Test
	void whatIsStillQueuedAtTheEndIsCancelled() {
		start((builder) -> builder.workers(1));
		block(this.runtime.newStrand(StrandOptions.DEFAULTS.homeWorker(0).pinned()));
		FutureTask<String> left = new FutureTask<>(() -> "done");
		this.runtime.newStrand(StrandOptions.DEFAULTS.homeWorker(0).pinned()).execute(left);
		CompletionStage<Void> termination = this.runtime.shutdown(Duration.ZERO, Duration.ofMillis(10));
		Await.until(this.runtime::isShutdown);
		Await.until(() -> this.runtime.scheduler().workers()[0].owner == null);
		this.gate.countDown();
		Await.result(termination);
		assertThat(left).isCancelled();
	}

	private void start(Consumer<TaskRuntimeConfigBuilder> changes) {
		this.runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> {
			builder.threadFactory(this.threads);
			changes.accept(builder);
		}), (token) -> {
			CheckedIoDriver driver = new CheckedIoDriver(token);
			this.drivers.add(driver);
			return driver;
		});
	}

	private boolean isAtHome(Strand strand) {
		Worker home = this.runtime.scheduler().workers()[strand.home().index];
		return home.owner.thread() == Thread.currentThread() && home.token.isHeldBy(Thread.currentThread());
	}

	/**
	 * Keeps the worker of the pinned strand in a poll of it until the gate opens.
	 */
	private void block(Strand strand) {
		CountDownLatch running = new CountDownLatch(1);
		strand.execute(() -> {
			running.countDown();
			Await.open(this.gate);
		});
		Await.open(running);
	}

	private void takeWorkerAway(int index) {
		Worker worker = this.runtime.scheduler().workers()[index];
		WorkerThread loser = worker.owner;
		assertThat(Handoff.start(this.runtime.scheduler(), worker, loser, loser.pollStart(), Strand.Pace.BLOCKING))
			.isTrue();
		Await.until(() -> worker.owner != loser);
	}

	private static void rallyUntil(AtomicBoolean stop, Strand here, Strand there, CountDownLatch ended) {
		if (stop.get()) {
			ended.countDown();
		}
		else {
			there.execute(() -> rallyUntil(stop, there, here, ended));
		}
	}

	private static StrandOptions at(int worker, boolean pinned) {
		StrandOptions home = StrandOptions.DEFAULTS.homeWorker(worker);
		return pinned ? home.pinned() : home;
	}

	/**
	 * Tests for {@link Strand#runPinned}, which only the holder of the token may call.
	 */
	@Nested
	class RunPinned {

		private final StillRuntime still = new StillRuntime();

		private final Worker worker = this.still.worker(0);

		private final Strand strand = this.still.runtime.newStrand(StrandOptions.DEFAULTS.homeWorker(0).pinned());

		private final List<String> ran = new ArrayList<>();

		@Test
		void queuedTasksRunFirst() {
			execute("a", "b");
			runPinned(() -> this.ran.add("event"));
			assertThat(this.ran).containsExactly("a", "b", "event");
			poll(128);
			assertThat(this.ran).hasSize(3);
			assertThat(this.strand.state()).isEqualTo(StrandState.IDLE);
		}

		@Test
		void strandIsCurrentWithin() {
			runPinned(() -> this.ran.add("current " + this.strand.isCurrent()));
			assertThat(this.ran).containsExactly("current true");
			assertThat(this.strand.isCurrent()).isFalse();
		}

		@Test
		void innerCallRunsAtOnce() {
			runPinned(() -> {
				execute("task");
				this.strand.runPinned(() -> this.ran.add("inner"));
				this.ran.add("outer");
			});
			assertThat(this.ran).containsExactly("inner", "outer");
			poll(128);
			assertThat(this.ran).containsExactly("inner", "outer", "task");
		}

		@Test
		void callWithinAPollRunsAtOnce() {
			this.strand.execute(() -> {
				execute("task");
				this.strand.runPinned(() -> this.ran.add("event"));
			});
			poll(128);
			assertThat(this.ran).containsExactly("event", "task");
		}

		@Test
		void taskOfTheEventIsScheduled() {
			runPinned(() -> execute("task"));
			assertThat(this.ran).isEmpty();
			assertThat(this.strand.state()).isEqualTo(StrandState.SCHEDULED);
			poll(128);
			assertThat(this.ran).containsExactly("task");
		}

		@Test
		void eventDoesNotWaitForMoreTasksThanTheBudget() {
			int budget = this.still.runtime.config().budget();
			for (int i = 0; i < budget + 5; i++) {
				execute("task");
			}
			runPinned(() -> this.ran.add("event"));
			assertThat(this.ran.indexOf("event")).isEqualTo(budget);
			assertThat(this.ran).hasSize(budget + 1);
			poll(128);
			assertThat(this.ran).hasSize(budget + 6);
		}

		@Test
		void exceptionIsLogged() {
			try (LogCapture log = new LogCapture(Strand.class)) {
				runPinned(() -> {
					throw new IllegalStateException("expected");
				});
				assertThat(log.messages()).hasSize(1);
			}
			assertThat(this.strand.isCurrent()).isFalse();
		}

		@Test
		void strandIsQueuedAtItsWorkerOnly() {
			execute("a", "b");
			assertThat(this.still.dequeue()).isNull();
			assertThat(this.worker.nextPinned()).isSameAs(this.strand);
			assertThat(this.worker.hasPinned()).isFalse();
		}

		private void execute(String... names) {
			for (String name : names) {
				this.strand.execute(() -> this.ran.add(name));
			}
		}

		private void runPinned(Runnable event) {
			assertThat(this.worker.token.tryAcquire()).isTrue();
			this.strand.runPinned(event);
			this.worker.token.release();
		}

		private void poll(int budget) {
			assertThat(this.worker.nextPinned()).isSameAs(this.strand);
			this.still.poll(this.strand, budget);
		}

	}

}
