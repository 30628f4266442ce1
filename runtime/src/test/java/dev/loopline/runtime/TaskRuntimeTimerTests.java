package dev.loopline.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.loopline.runtime.time.Ticker;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the timers of a {@link TaskRuntime}.
 */
class TaskRuntimeTimerTests {

	private final FakeTicker ticker = new FakeTicker();

	private final ManualIoDriver.Factory drivers = new ManualIoDriver.Factory();

	private TaskRuntime runtime;

	@AfterEach
	void endRuntime() {
		this.runtime.close();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3 })
	void everyTimerFiresOnceUnlessItWasCancelled(int workers) {
		startWithFakeTime(workers);
		int timers = 3_000;
		AtomicIntegerArray fired = new AtomicIntegerArray(timers);
		List<StrandTimer> armed = new ArrayList<>();
		for (int i = 0; i < timers; i++) {
			int number = i;
			armed.add(this.runtime.newStrand()
				.schedule(() -> fired.incrementAndGet(number), 1 + i % 200, TimeUnit.MILLISECONDS));
		}
		for (int i = 0; i < timers; i += 3) {
			assertThat(armed.get(i).cancel()).isTrue();
		}
		int expected = timers - timers / 3;
		while (sum(fired) < expected) {
			advance(Duration.ofMillis(7));
			awaitRest();
		}
		advance(Duration.ofHours(1));
		awaitRest();
		for (int i = 0; i < timers; i++) {
			assertThat(fired.get(i)).isEqualTo((i % 3 == 0) ? 0 : 1);
			assertThat(armed.get(i).cancel()).isFalse();
		}
		assertThat(this.runtime.diagnostics().snapshot().workers())
			.allMatch((worker) -> worker.io().timersArmed() == 0);
	}

	@Test
	void timerDoesNotFireBeforeItsTime() {
		startWithFakeTime(1);
		AtomicInteger fired = new AtomicInteger();
		this.runtime.newStrand().schedule(fired::incrementAndGet, 10, TimeUnit.MILLISECONDS);
		Await.until(() -> this.runtime.diagnostics().snapshot().workers().get(0).io().timersArmed() == 1);
		advance(Duration.ofMillis(9));
		awaitRest();
		assertThat(fired).hasValue(0);
		advance(Duration.ofMillis(1));
		Await.until(() -> fired.get() == 1);
	}

	@Test
	void everyTimerOfManyThreadsIsEitherFiredOrCancelled() {
		startWithFakeTime(2);
		AtomicInteger fired = new AtomicInteger();
		AtomicInteger cancelled = new AtomicInteger();
		CountDownLatch done = new CountDownLatch(2);
		for (int i = 0; i < 2; i++) {
			Thread thread = new Thread(() -> {
				Strand strand = this.runtime.newStrand();
				for (int timer = 0; timer < 5_000; timer++) {
					StrandTimer armed = strand.schedule(fired::incrementAndGet, timer % 3, TimeUnit.MILLISECONDS);
					if (timer % 2 == 0 && armed.cancel()) {
						cancelled.incrementAndGet();
					}
				}
				done.countDown();
			});
			thread.setDaemon(true);
			thread.start();
		}
		Await.until(() -> {
			advance(Duration.ofMillis(1));
			return done.getCount() == 0;
		});
		Await.until(() -> {
			advance(Duration.ofMillis(1));
			return fired.get() + cancelled.get() >= 10_000;
		});
		advance(Duration.ofHours(1));
		awaitRest();
		assertThat(fired.get() + cancelled.get()).isEqualTo(10_000);
	}

	@Test
	void timersOfTheSystemClockAreNeverEarly() {
		this.runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(2)));
		CountDownLatch left = new CountDownLatch(200);
		AtomicInteger early = new AtomicInteger();
		for (int i = 0; i < 200; i++) {
			long deadline = Ticker.system().nanos() + i * 50_000L;
			this.runtime.newStrand().scheduleAt(() -> {
				if (Ticker.system().nanos() - deadline < 0) {
					early.incrementAndGet();
				}
				left.countDown();
			}, deadline);
		}
		Await.open(left);
		assertThat(early).hasValue(0);
	}

	@Test
	void timerThatIsArmedOnTheOwnWorkerWakesIt() {
		this.runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(1)));
		CountDownLatch fired = new CountDownLatch(1);
		Strand strand = this.runtime.newStrand();
		strand.execute(() -> strand.schedule(fired::countDown, 1, TimeUnit.MILLISECONDS));
		Await.open(fired);
	}

	@Test
	void timerThatIsArmedOnAnotherWorkerWakesItsHome() {
		this.runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(2)));
		CountDownLatch fired = new CountDownLatch(2);
		Strand zero = this.runtime.newStrand(StrandOptions.DEFAULTS.homeWorker(0));
		Strand one = this.runtime.newStrand(StrandOptions.DEFAULTS.homeWorker(1));
		zero.execute(() -> {
			zero.schedule(fired::countDown, 1, TimeUnit.MILLISECONDS);
			one.schedule(fired::countDown, 1, TimeUnit.MILLISECONDS);
		});
		Await.open(fired);
	}

	private void startWithFakeTime(int workers) {
		this.runtime = TaskRuntime
			.start(TaskRuntimeConfig.of((builder) -> builder.workers(workers).ticker(this.ticker)), this.drivers);
	}

	private void advance(Duration time) {
		this.ticker.advance(time);
		this.drivers.drivers().forEach(ManualIoDriver::wakeup);
	}

	/**
	 * Waits until every worker has looked at the clock and sleeps again.
	 */
	private void awaitRest() {
		List<Long> before = parks();
		this.drivers.drivers().forEach(ManualIoDriver::wakeup);
		Await.until(() -> {
			List<Long> now = parks();
			boolean looked = true;
			for (int i = 0; i < now.size(); i++) {
				looked &= now.get(i) > before.get(i) + 1;
			}
			if (!looked) {
				this.drivers.drivers().forEach(ManualIoDriver::wakeup);
			}
			RuntimeSnapshot snapshot = this.runtime.diagnostics().snapshot();
			return looked && snapshot.scheduling().parkedWorkers() == snapshot.workers().size()
					&& snapshot.scheduling().injectorDepth() == 0;
		});
	}

	private List<Long> parks() {
		return this.runtime.diagnostics()
			.snapshot()
			.workers()
			.stream()
			.map((worker) -> worker.search().parks())
			.toList();
	}

	private static int sum(AtomicIntegerArray array) {
		int sum = 0;
		for (int i = 0; i < array.length(); i++) {
			sum += array.get(i);
		}
		return sum;
	}

}
