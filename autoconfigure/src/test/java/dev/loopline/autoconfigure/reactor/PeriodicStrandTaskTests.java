package dev.loopline.autoconfigure.reactor;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PeriodicStrandTask}.
 */
class PeriodicStrandTaskTests {

	private static final int TURNS = 20_000;

	@Test
	void twoTimersOfOneTurnTickOnce() throws Exception {
		Heir heir = new Heir();
		StrandScheduler scheduler = new StrandScheduler(() -> {
			throw new IllegalStateException("has ended");
		}, "moved", StrandScheduler.Kind.SINGLE, 1, () -> heir);
		scheduler.bequeath();
		AtomicInteger ticks = new AtomicInteger();
		Disposable task = scheduler.schedulePeriodically(ticks::incrementAndGet, 1, 1, TimeUnit.HOURS);
		ExecutorService other = Executors.newSingleThreadExecutor();
		try {
			for (int turn = 1; turn <= TURNS; turn++) {
				Runnable timer = heir.timer;
				Future<?> moved = other.submit(timer);
				timer.run();
				moved.get();
				assertThat(ticks).hasValue(turn);
			}
		}
		finally {
			other.shutdown();
			task.dispose();
		}
	}

	/** Keeps the last timer. */
	private static final class Heir implements Scheduler {

		private volatile Runnable timer = () -> {
		};

		@Override
		public Disposable schedule(Runnable task) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
			this.timer = task;
			return Disposables.single();
		}

		@Override
		public Worker createWorker() {
			throw new UnsupportedOperationException();
		}

	}

}
