package dev.loopline.runtime;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what burners get of the processors in the {@link SlowLane} while work waits
 * on the workers.
 */
class SlowLaneBurnersTests {

	private final FakeTicker ticker = new FakeTicker();

	private final FakeProbe probe = new FakeProbe();

	private final TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(2)
		.blockingOn(BlockingThreads.PLATFORM, 0)
		.ticker(this.ticker)
		.threadFactory(new UnwatchedThreads())));

	private final SlowLane lane = this.runtime.scheduler().slowLane();

	private final CountDownLatch gate = new CountDownLatch(1);

	@AfterEach
	void endRuntime() {
		this.gate.countDown();
		this.runtime.close();
	}

	@Test
	void everyProcessorMayBurnWhileNothingWaits() {
		look(Duration.ZERO);
		Await.open(new Burner().started);
		Await.open(new Burner().started);
		new Burner();
		Await.until(() -> this.lane.depth() == 1);
	}

	@Test
	void halfOfThemMayBurnOnceSomethingWaits() {
		letSomethingWait();
		look(Duration.ZERO);
		Await.open(new Burner().started);
		new Burner();
		Await.until(() -> this.lane.depth() == 1);
		look(Duration.ofNanos(BurnShare.MEMORY_NANOS));
		Await.until(() -> this.lane.depth() == 0);
	}

	@Test
	void burnersThatUsedUpTheirShareWait() {
		letSomethingWait();
		look(Duration.ZERO);
		Burner first = new Burner();
		Await.open(first.started);
		look(Duration.ZERO);
		this.probe.sayUsed(first.thread, Duration.ofMillis(100));
		look(Duration.ZERO);
		first.end.countDown();
		Await.until(() -> this.lane.pollTime().count() == 1);
		Burner second = new Burner();
		Await.until(() -> this.lane.depth() == 1);
		look(Duration.ofMillis(49));
		assertThat(this.lane.depth()).isOne();
		look(Duration.ofMillis(2));
		Await.open(second.started);
	}

	private void look(Duration later) {
		this.ticker.advance(later);
		this.lane.tick(this.probe, this.ticker.nanos(), 0);
	}

	/**
	 * Keeps both workers from something for some milliseconds.
	 */
	private void letSomethingWait() {
		CountDownLatch end = new CountDownLatch(1);
		CountDownLatch ran = new CountDownLatch(3);
		for (int i = 0; i < 2; i++) {
			CountDownLatch started = new CountDownLatch(1);
			this.runtime.newStrand().execute(() -> {
				started.countDown();
				Await.open(end);
				ran.countDown();
			});
			Await.open(started);
		}
		this.runtime.newStrand().execute(ran::countDown);
		this.ticker.advance(Duration.ofNanos(BurnShare.WAIT_NANOS));
		end.countDown();
		Await.open(ran);
	}

	private final class Burner {

		private final CountDownLatch started = new CountDownLatch(1);

		private final CountDownLatch end = new CountDownLatch(1);

		private volatile Thread thread;

		Burner() {
			Strand strand = SlowLaneBurnersTests.this.runtime.newStrand();
			strand.setPace(Strand.Pace.BURNING);
			strand.execute(() -> {
				this.thread = Thread.currentThread();
				this.started.countDown();
				while (this.end.getCount() > 0 && SlowLaneBurnersTests.this.gate.getCount() > 0) {
					Thread.onSpinWait();
				}
			});
		}

	}

}
