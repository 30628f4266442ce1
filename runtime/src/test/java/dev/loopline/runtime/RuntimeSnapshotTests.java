package dev.loopline.runtime;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RuntimeSnapshot} and {@link WorkerSnapshot}.
 */
class RuntimeSnapshotTests {

	private final FakeTicker ticker = new FakeTicker();

	private final ManualIoDriver.Factory drivers = new ManualIoDriver.Factory();

	private final CountDownLatch gate = new CountDownLatch(1);

	private TaskRuntime runtime;

	@AfterEach
	void endRuntime() {
		this.gate.countDown();
		this.runtime.close();
	}

	@Test
	void runtimeAtRestHasNothingToShow() {
		start((builder) -> builder.workers(2));
		Await.until(() -> snapshot().scheduling().parkedWorkers() == 2);
		this.ticker.advance(Duration.ofSeconds(3));
		RuntimeSnapshot snapshot = snapshot();
		assertThat(snapshot.flavour()).isEqualTo(TaskRuntimeConfig.Flavour.MULTI_THREAD);
		assertThat(snapshot.uptime()).isEqualTo(Duration.ofSeconds(3));
		assertThat(snapshot.workers()).extracting(WorkerSnapshot::index).containsExactly(0, 1);
		assertThat(snapshot.workers()).extracting(WorkerSnapshot::thread).doesNotContain("");
		assertThat(snapshot.scheduling().injectorDepth()).isZero();
		assertThat(snapshot.scheduling().remoteSchedules()).isZero();
		assertThat(snapshot.scheduling().searchingWorkers()).isZero();
		assertThat(snapshot.blocking().threads()).isZero();
		assertThat(snapshot.blocking().idleThreads()).isZero();
		assertThat(snapshot.blocking().queueDepth()).isZero();
		assertThat(sum(snapshot, (worker) -> worker.polls().count())).isZero();
		assertThat(sum(snapshot, (worker) -> worker.busy().toNanos())).isZero();
	}

	/**
	 * A poll ends a stay in a queue, which an offer or a yield began.
	 */
	@Test
	void pollsAreSchedulesAndYields() {
		start((builder) -> builder.workers(3).budget(2).queueCapacity(4));
		int strands = 2_000;
		CountDownLatch left = new CountDownLatch(strands * 6);
		for (int i = 0; i < strands; i++) {
			Strand outer = this.runtime.newStrand();
			Strand inner = this.runtime.newStrand();
			for (int task = 0; task < 3; task++) {
				outer.execute(() -> {
					left.countDown();
					inner.execute(left::countDown);
				});
			}
		}
		Await.open(left);
		Await.until(() -> {
			RuntimeSnapshot snapshot = snapshot();
			return sum(snapshot, (worker) -> worker.polls().count()) == snapshot.scheduling().remoteSchedules()
					+ sum(snapshot, (worker) -> worker.queue().localSchedules())
					+ sum(snapshot, (worker) -> worker.polls().yields());
		});
		RuntimeSnapshot snapshot = snapshot();
		assertThat(snapshot.scheduling().remoteSchedules()).isPositive();
		assertThat(sum(snapshot, (worker) -> worker.queue().localSchedules())).isPositive();
		assertThat(snapshot.scheduling().injectorDepth()).isZero();
		assertThat(sum(snapshot, (worker) -> worker.queue().depth())).isZero();
		assertThat(sum(snapshot, (worker) -> worker.search().steals()))
			.isGreaterThanOrEqualTo(sum(snapshot, (worker) -> worker.search().stealOperations()));
		assertThat(sum(snapshot, (worker) -> worker.search().noops()))
			.isLessThanOrEqualTo(sum(snapshot, (worker) -> worker.search().parks()));
	}

	@Test
	void runningPollCountsAsBusyAlready() {
		start((builder) -> builder.workers(1));
		block();
		this.ticker.advance(Duration.ofMillis(5));
		WorkerSnapshot worker = snapshot().workers().get(0);
		assertThat(worker.runningFor()).isEqualTo(Duration.ofMillis(5));
		assertThat(worker.busy()).isEqualTo(Duration.ofMillis(5));
		assertThat(worker.polls().count()).isZero();
		this.gate.countDown();
		Await.until(() -> snapshot().workers().get(0).polls().count() == 1);
		worker = snapshot().workers().get(0);
		assertThat(worker.runningFor()).isZero();
		assertThat(worker.busy()).isEqualTo(Duration.ofMillis(5));
	}

	@Test
	void waitingStrandsAreCounted() {
		start((builder) -> builder.workers(1));
		CountDownLatch woken = new CountDownLatch(1);
		this.runtime.newStrand().execute(() -> {
			for (int i = 0; i < 5; i++) {
				this.runtime.newStrand().execute(() -> {
				});
			}
			woken.countDown();
			Await.open(this.gate);
		});
		Await.open(woken);
		for (int i = 0; i < 7; i++) {
			this.runtime.newStrand().execute(() -> {
			});
		}
		RuntimeSnapshot snapshot = snapshot();
		assertThat(snapshot.workers().get(0).queue().depth()).isEqualTo(5);
		assertThat(snapshot.workers().get(0).queue().localSchedules()).isEqualTo(5);
		assertThat(snapshot.scheduling().injectorDepth()).isEqualTo(7);
		assertThat(snapshot.scheduling().remoteSchedules()).isEqualTo(8);
		assertThat(snapshot.scheduling().parkedWorkers()).isZero();
		this.gate.countDown();
		Await.until(() -> snapshot().workers().get(0).polls().count() == 13);
	}

	@Test
	void yieldsAreCounted() {
		start((builder) -> builder.workers(1).budget(10).quantum(Duration.ofHours(1)));
		block();
		Strand strand = this.runtime.newStrand();
		for (int i = 0; i < 35; i++) {
			strand.execute(() -> {
			});
		}
		this.gate.countDown();
		Await.until(() -> snapshot().workers().get(0).polls().count() == 5);
		assertThat(snapshot().workers().get(0).polls().yields()).isEqualTo(3);
	}

	@Test
	void armedTimersAreCounted() {
		start((builder) -> builder.workers(2));
		StrandTimer timer = this.runtime.newStrand(StrandOptions.DEFAULTS.homeWorker(1)).schedule(() -> {
		}, 1, TimeUnit.SECONDS);
		this.runtime.newStrand(StrandOptions.DEFAULTS.homeWorker(1)).schedule(() -> {
		}, 1, TimeUnit.HOURS);
		this.runtime.scheduler().workers()[1].driver.wakeup();
		Await.until(() -> snapshot().workers().get(1).io().timersArmed() == 2);
		assertThat(snapshot().workers().get(0).io().timersArmed()).isZero();
		timer.cancel();
		this.runtime.scheduler().workers()[1].driver.wakeup();
		Await.until(() -> snapshot().workers().get(1).io().timersArmed() == 1);
	}

	@Test
	void eventsOfTheDriverAreCounted() {
		start((builder) -> builder.workers(1));
		CountDownLatch ran = new CountDownLatch(3);
		Strand strand = this.runtime.newStrand();
		for (int i = 0; i < 3; i++) {
			this.drivers.driver(0).event(() -> strand.execute(ran::countDown));
		}
		this.runtime.scheduler().workers()[0].driver.wakeup();
		Await.open(ran);
		assertThat(snapshot().workers().get(0).io().events()).isEqualTo(3);
		assertThat(snapshot().workers().get(0).io().polls()).isPositive();
	}

	@Test
	void waitAndPollOfEveryStrandAreTimed() {
		start((builder) -> builder.workers(1));
		block();
		this.runtime.newStrand().execute(() -> this.ticker.advance(Duration.ofMillis(20)));
		this.ticker.advance(Duration.ofMillis(50));
		this.gate.countDown();
		Await.until(() -> snapshot().workers().get(0).polls().count() == 2);
		WorkerSnapshot worker = snapshot().workers().get(0);
		assertThat(worker.polls().time().count()).isEqualTo(2);
		assertThat(worker.polls().time().total()).isEqualTo(Duration.ofMillis(70));
		assertThat(worker.polls().time().percentile(0)).isZero();
		assertThat(worker.polls().time().percentile(0.5)).isBetween(Duration.ofMillis(20), Duration.ofMillis(25));
		assertThat(worker.queue().latency().count()).isEqualTo(2);
		assertThat(worker.queue().latency().total()).isEqualTo(Duration.ofMillis(50));
		assertThat(worker.queue().latency().percentile(1)).isBetween(Duration.ofMillis(50), Duration.ofMillis(63));
	}

	@Test
	void blockingThreadsAreCounted() {
		start((builder) -> builder.workers(1).blockingThreads(2).blockingKeepAlive(Duration.ofHours(1)));
		CountDownLatch running = new CountDownLatch(2);
		for (int i = 0; i < 5; i++) {
			this.runtime.spawnBlocking(() -> {
				running.countDown();
				Await.open(this.gate);
				return "done";
			});
		}
		Await.open(running);
		assertThat(snapshot().blocking().threads()).isEqualTo(2);
		assertThat(snapshot().blocking().idleThreads()).isZero();
		assertThat(snapshot().blocking().queueDepth()).isEqualTo(3);
		this.gate.countDown();
		Await.until(() -> snapshot().blocking().idleThreads() == 2);
		assertThat(snapshot().blocking().queueDepth()).isZero();
	}

	private void start(Consumer<TaskRuntimeConfigBuilder> changes) {
		this.runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> {
			builder.ticker(this.ticker).stallThreshold(Duration.ofDays(1));
			changes.accept(builder);
		}), this.drivers);
	}

	/**
	 * Keeps a worker in a poll until the gate opens.
	 */
	private void block() {
		CountDownLatch running = new CountDownLatch(1);
		this.runtime.newStrand().execute(() -> {
			running.countDown();
			Await.open(this.gate);
		});
		Await.open(running);
	}

	private RuntimeSnapshot snapshot() {
		return this.runtime.diagnostics().snapshot();
	}

	private static long sum(RuntimeSnapshot snapshot, ToLongFunction<WorkerSnapshot> value) {
		return snapshot.workers().stream().mapToLong(value).sum();
	}

}
