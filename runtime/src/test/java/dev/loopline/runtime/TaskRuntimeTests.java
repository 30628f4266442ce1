package dev.loopline.runtime;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link TaskRuntime}.
 */
class TaskRuntimeTests {

	private static final int STRANDS = 1_000;

	private static final int PRODUCERS = 4;

	private static final int TASKS_PER_PRODUCER = 25_000;

	private final NamedThreads threads = new NamedThreads();

	private TaskRuntime runtime;

	@AfterEach
	void endRuntime() {
		this.runtime.close();
		Await.until(() -> this.threads.alive().isEmpty());
	}

	@Test
	void runsATaskOnAThreadOfItsFactory() {
		start((builder) -> builder.workers(2));
		CompletableFuture<Thread> thread = new CompletableFuture<>();
		this.runtime.newStrand().execute(() -> thread.complete(Thread.currentThread()));
		assertThat(this.threads.made(Await.result(thread))).isTrue();
	}

	@Test
	void strandIsTheCurrentOneOnlyForTheThreadInsideItsPoll() {
		start((builder) -> builder.workers(1));
		CompletableFuture<Strand> current = new CompletableFuture<>();
		Strand strand = this.runtime.newStrand();
		strand.execute(() -> current.complete(Strand.current()));
		assertThat(Await.result(current)).isSameAs(strand);
		assertThat(Strand.current()).isNull();
	}

	@Test
	void spreadsTheHomesOfStrandsEvenly() {
		start((builder) -> builder.workers(3));
		List<Integer> homes = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			homes.add(this.runtime.newStrand().home().index);
		}
		assertThat(homes).containsExactly(0, 1, 2, 0, 1, 2);
		assertThat(this.runtime.newStrand(StrandOptions.DEFAULTS.homeWorker(2)).home().index).isEqualTo(2);
	}

	/**
	 * The fields of a {@link Receiver} are plain: the runtime must order the polls of a
	 * strand.
	 */
	@ParameterizedTest
	@CsvSource({ "1, 256, 128, 3", "2, 256, 128, 3", "2, 4, 128, 0", "4, 4, 1, 3", "4, 2, 3, 1" })
	void manyTasksRunOnceInOrderAndNeverTwoOfAStrandAtATime(int workers, int queueCapacity, int budget, int lifoPolls) {
		start((builder) -> builder.workers(workers).queueCapacity(queueCapacity).budget(budget).lifoPolls(lifoPolls));
		CountDownLatch left = new CountDownLatch(PRODUCERS * TASKS_PER_PRODUCER);
		Receiver[] receivers = new Receiver[STRANDS];
		for (int i = 0; i < STRANDS; i++) {
			receivers[i] = new Receiver(this.runtime.newStrand());
		}
		List<int[]> sent = new ArrayList<>();
		for (int i = 0; i < PRODUCERS; i++) {
			int producer = i;
			int[] numbers = new int[STRANDS];
			sent.add(numbers);
			Thread thread = this.threads.newThread(() -> {
				Random random = new Random(producer);
				for (int task = 0; task < TASKS_PER_PRODUCER; task++) {
					int receiver = random.nextInt(STRANDS);
					receivers[receiver].send(producer, numbers[receiver]++, left);
				}
			});
			thread.start();
		}
		Await.open(left);
		for (int i = 0; i < STRANDS; i++) {
			assertThat(receivers[i].errors).isEmpty();
			for (int producer = 0; producer < PRODUCERS; producer++) {
				assertThat(receivers[i].received[producer]).isEqualTo(sent.get(producer)[i]);
			}
		}
	}

	@ParameterizedTest
	@CsvSource({ "1, 3", "1, 0", "2, 3", "2, 0", "4, 1" })
	void strandsWakeEachOtherInTurn(int workers, int lifoPolls) {
		start((builder) -> builder.workers(workers).lifoPolls(lifoPolls));
		CountDownLatch rallies = new CountDownLatch(4);
		for (int i = 0; i < 4; i++) {
			Strand ping = this.runtime.newStrand();
			Strand pong = this.runtime.newStrand();
			ping.execute(() -> rally(ping, pong, 10_000, rallies));
		}
		Await.open(rallies);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void ringOfStrandsPassesATokenAround(int workers) {
		start((builder) -> builder.workers(workers).queueCapacity(4));
		Strand[] ring = new Strand[50];
		for (int i = 0; i < ring.length; i++) {
			ring[i] = this.runtime.newStrand();
		}
		CountDownLatch done = new CountDownLatch(8);
		for (int token = 0; token < 8; token++) {
			pass(ring, token, 2_000, done);
		}
		Await.open(done);
	}

	/**
	 * A look into the injector would come between them, as they are queued there at
	 * first.
	 */
	@Test
	void strandsThatYieldTakeTurns() {
		start((builder) -> builder.workers(1)
			.globalQueueInterval(1 << 20)
			.budget(4)
			.quantum(Duration.ofHours(1))
			.stallThreshold(Duration.ofDays(1)));
		List<String> turns = Collections.synchronizedList(new ArrayList<>());
		CountDownLatch gate = new CountDownLatch(1);
		CountDownLatch left = new CountDownLatch(120);
		CountDownLatch entered = new CountDownLatch(1);
		this.runtime.newStrand().execute(() -> {
			entered.countDown();
			Await.open(gate);
		});
		Await.open(entered);
		for (String name : List.of("a", "b", "c")) {
			Strand strand = this.runtime.newStrand();
			for (int i = 0; i < 40; i++) {
				strand.execute(() -> {
					turns.add(name);
					left.countDown();
				});
			}
		}
		gate.countDown();
		Await.open(left);
		for (int turn = 0; turn < 30; turn++) {
			assertThat(turns.subList(turn * 4, turn * 4 + 4)).containsOnly(List.of("a", "b", "c").get(turn % 3));
		}
	}

	@Test
	void strandsThatKeepEachOtherAwakeStarveNobody() {
		start((builder) -> builder.workers(1));
		AtomicBoolean stop = new AtomicBoolean();
		CountDownLatch ended = new CountDownLatch(1);
		Strand ping = this.runtime.newStrand();
		Strand pong = this.runtime.newStrand();
		ping.execute(() -> rallyUntil(stop, ping, pong, ended));
		CountDownLatch outside = new CountDownLatch(1);
		CountDownLatch inside = new CountDownLatch(1);
		CountDownLatch timer = new CountDownLatch(1);
		Strand other = this.runtime.newStrand();
		Strand third = this.runtime.newStrand();
		other.execute(() -> {
			outside.countDown();
			third.execute(inside::countDown);
		});
		other.schedule(timer::countDown, 1, TimeUnit.MILLISECONDS);
		Await.open(outside);
		Await.open(inside);
		Await.open(timer);
		assertThat(ended.getCount()).isEqualTo(1);
		stop.set(true);
		Await.open(ended);
	}

	@Test
	void strandThatOffersToItselfForEverStarvesNobody() {
		start((builder) -> builder.workers(1));
		AtomicBoolean stop = new AtomicBoolean();
		CountDownLatch ended = new CountDownLatch(1);
		Strand busy = this.runtime.newStrand();
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
		CountDownLatch ran = new CountDownLatch(1);
		this.runtime.newStrand().execute(ran::countDown);
		Await.open(ran);
		assertThat(ended.getCount()).isEqualTo(1);
		stop.set(true);
		Await.open(ended);
	}

	@Test
	void currentThreadFlavourRunsEverythingOnOneThread() {
		start((builder) -> builder.flavour(TaskRuntimeConfig.Flavour.CURRENT_THREAD));
		Set<Thread> used = ConcurrentHashMap.newKeySet();
		CountDownLatch left = new CountDownLatch(2_000);
		for (int i = 0; i < 1_000; i++) {
			Strand outer = this.runtime.newStrand();
			Strand inner = this.runtime.newStrand();
			outer.execute(() -> {
				used.add(Thread.currentThread());
				left.countDown();
				inner.execute(() -> {
					used.add(Thread.currentThread());
					left.countDown();
				});
			});
		}
		Await.open(left);
		assertThat(used).hasSize(1);
		assertThat(this.threads.created()).isEqualTo(1);
	}

	@Test
	void blockingJobReturnsItsResultFromAThreadOfItsOwn() {
		start((builder) -> builder.workers(1));
		CompletionStage<Thread> result = this.runtime.spawnBlocking(Thread::currentThread);
		CompletableFuture<Thread> worker = new CompletableFuture<>();
		this.runtime.newStrand().execute(() -> worker.complete(Thread.currentThread()));
		assertThat(this.threads.made(Await.result(result))).isTrue();
		assertThat(Await.result(result)).isNotSameAs(Await.result(worker));
	}

	@Test
	void blockingJobThatThrowsFailsItsResultAndSaysItsName() {
		start((builder) -> builder.workers(1));
		JoinHandle<Object> job = this.runtime.spawnBlocking("import", () -> {
			throw new IOException("expected");
		});
		Await.until(job::isFinished);
		assertThat(job.status()).isEqualTo(TaskStatus.COMPLETE);
		assertThatExceptionOfType(TaskFailedException.class).isThrownBy(job::join)
			.withMessageContaining("'import' failed")
			.havingCause()
			.isInstanceOf(IOException.class)
			.withMessage("expected");
	}

	@Test
	void abortedBlockingJobThatWaitsForAThreadNeverRuns() {
		start((builder) -> builder.workers(1).blockingThreads(1));
		CompletableFuture<String> gate = new CompletableFuture<>();
		JoinHandle<String> first = this.runtime.spawnBlocking(gate::join);
		Await.until(() -> first.status() == TaskStatus.RUNNING);
		AtomicBoolean ran = new AtomicBoolean();
		JoinHandle<Boolean> second = this.runtime.spawnBlocking(() -> ran.getAndSet(true));
		assertThat(second.status()).isEqualTo(TaskStatus.RUNNABLE);
		assertThat(second.abort()).isTrue();
		assertThat(second.abort()).isFalse();
		assertThat(second.status()).isEqualTo(TaskStatus.CANCELLED);
		JoinHandle<String> third = this.runtime.spawnBlocking(() -> "third");
		gate.complete("first");
		assertThat(third.join()).isEqualTo("third");
		assertThat(ran).isFalse();
	}

	@Test
	void taskMayBeARunnable() {
		start((builder) -> builder.workers(1));
		AtomicInteger ran = new AtomicInteger();
		JoinHandle<Void> task = this.runtime.spawn("count", () -> ran.set(1));
		assertThat(task.join()).isNull();
		assertThat(ran).hasValue(1);
		assertThat(task.name()).isEqualTo("count");
	}

	@Test
	void runtimesDoNotMixTheirStrands() {
		start((builder) -> builder.workers(1));
		NamedThreads otherThreads = new NamedThreads();
		try (TaskRuntime other = TaskRuntime
			.start(TaskRuntimeConfig.of((builder) -> builder.workers(1).threadFactory(otherThreads)))) {
			CompletableFuture<Thread> thread = new CompletableFuture<>();
			Strand strand = other.newStrand();
			this.runtime.newStrand().execute(() -> strand.execute(() -> thread.complete(Thread.currentThread())));
			assertThat(otherThreads.made(Await.result(thread))).isTrue();
		}
	}

	private void start(Consumer<TaskRuntimeConfigBuilder> changes) {
		this.runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> {
			builder.threadFactory(this.threads);
			changes.accept(builder);
		}));
	}

	private static void rally(Strand here, Strand there, int left, CountDownLatch done) {
		if (left == 0) {
			done.countDown();
		}
		else {
			there.execute(() -> rally(there, here, left - 1, done));
		}
	}

	private static void rallyUntil(AtomicBoolean stop, Strand here, Strand there, CountDownLatch ended) {
		if (stop.get()) {
			ended.countDown();
		}
		else {
			there.execute(() -> rallyUntil(stop, there, here, ended));
		}
	}

	private static void pass(Strand[] ring, int position, int left, CountDownLatch done) {
		if (left == 0) {
			done.countDown();
		}
		else {
			ring[position % ring.length].execute(() -> pass(ring, position + 1, left - 1, done));
		}
	}

	/**
	 * Checks what arrives at one strand.
	 */
	private static final class Receiver {

		private final Strand strand;

		private final int[] received = new int[PRODUCERS];

		private final AtomicInteger inside = new AtomicInteger();

		private final List<String> errors = Collections.synchronizedList(new ArrayList<>());

		Receiver(Strand strand) {
			this.strand = strand;
		}

		void send(int producer, int number, CountDownLatch left) {
			this.strand.execute(() -> {
				if (this.inside.incrementAndGet() != 1 || !this.strand.isCurrent()) {
					this.errors.add("two threads at a time");
				}
				if (this.received[producer]++ != number) {
					this.errors.add("number %d of producer %d is out of order".formatted(number, producer));
				}
				this.inside.decrementAndGet();
				left.countDown();
			});
		}

	}

}
