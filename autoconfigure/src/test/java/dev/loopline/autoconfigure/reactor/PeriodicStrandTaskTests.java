package dev.loopline.autoconfigure.reactor;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;

import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PeriodicStrandTask}.
 */
class PeriodicStrandTaskTests {

	/** What another thread does between a run and the start of the next timer. */
	private Runnable meanwhile = () -> {
	};

	@Test
	void twoTimersOfOneTurnTickOnce() {
		try (TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(1)))) {
			Timers timers = new Timers();
			StrandScheduler scheduler = new StrandScheduler(() -> {
				Runnable now = this.meanwhile;
				this.meanwhile = () -> {
				};
				now.run();
				return runtime;
			}, "test", (any) -> timers);
			AtomicInteger ticks = new AtomicInteger();
			Disposable task = scheduler.schedulePeriodically(ticks::incrementAndGet, 1, 1, TimeUnit.HOURS);
			Runnable timer = timers.last;
			this.meanwhile = timer; // as it was started again for an heir
			timer.run();
			assertThat(ticks).hasValue(1);
			assertThat(timers.last).isNotSameAs(timer);
			timers.last.run();
			assertThat(ticks).hasValue(2);
			task.dispose();
		}
	}

	/** Keeps the last timer. */
	private static final class Timers implements SchedulerTarget {

		private Runnable last = () -> {
		};

		@Override
		public void execute(Runnable task) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Disposable scheduleAt(Runnable task, long deadlineNanos) {
			this.last = task;
			return Disposables.single();
		}

	}

}
