package dev.loopline.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SchedulerProbe}. What it is good for is tested where it is used.
 */
class SchedulerProbeTests {

	private final StillRuntime still = new StillRuntime();

	private final SchedulerProbe probe = SchedulerProbe.of(this.still.runtime);

	@Test
	void runtimeIsIdleUnlessSomethingRuns() {
		try (TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(2)))) {
			SchedulerProbe idle = SchedulerProbe.of(runtime);
			CountDownLatch gate = new CountDownLatch(1);
			JoinHandle<Boolean> job = runtime.spawnBlocking(() -> {
				boolean before = idle.isIdle();
				Await.open(gate);
				return before;
			});
			assertThat(idle.isIdle()).isFalse();
			gate.countDown();
			assertThat(Await.<Boolean>result(job)).isFalse();
			Await.until(idle::isIdle);
			Await.result(runtime.shutdown(Duration.ZERO, Duration.ZERO));
			assertThat(idle.isIdle()).isFalse();
			runtime.restart();
			Await.until(idle::isIdle);
		}
	}

	@Test
	void whatIsQueuedIsTakenAndRunInSteps() {
		List<Integer> ran = new ArrayList<>();
		Strand strand = this.still.newStrand();
		for (int i = 0; i < 3; i++) {
			int item = i;
			strand.execute(() -> ran.add(item));
		}
		SchedulerProbe.Step step = this.probe.takeQueued();
		assertThat(step).isNotNull();
		assertThat(this.probe.takeQueued()).isNull();
		assertThat(step.run(2)).isTrue();
		assertThat(ran).containsExactly(0, 1);
		assertThat(step.run(2)).isFalse();
		assertThat(ran).containsExactly(0, 1, 2);
	}

	@Test
	void timersFireWhenTheyAreDue() {
		JoinHandle<Void> sleep = this.still.runtime.sleep(Duration.ofMillis(5));
		this.probe.fireTimers();
		assertThat(this.probe.takeQueued()).isNull();
		this.still.ticker.advance(Duration.ofMillis(6));
		this.probe.fireTimers();
		this.still.drain();
		assertThat(sleep.isFinished()).isTrue();
	}

	@Test
	void whatHasNotEndedIsAborted() {
		JoinHandle<Object> suspended = this.still.runtime.spawn((context) -> Poll.suspended());
		List<String> events = new ArrayList<>();
		RuntimeLife.of(this.still.runtime).extension(RuntimeLife.Extension.class, (life) -> () -> events.add("end"));
		this.still.drain();
		this.probe.abortAll();
		this.still.drain();
		assertThat(suspended.status()).isEqualTo(TaskStatus.CANCELLED);
		assertThat(events).containsExactly("end");
	}

	@Test
	void factoryInPlaceIsCalledByWhoeverNeedsAThread() {
		List<Thread> callers = new ArrayList<>();
		TaskRuntime runtime = TaskRuntime
			.start(TaskRuntimeConfig.of((builder) -> builder.workers(1).threadFactory(SchedulerProbe.inPlace((body) -> {
				callers.add(Thread.currentThread());
				return new Thread(() -> {
				});
			}))));
		assertThat(runtime.isShutdown()).isFalse();
		assertThat(callers).isNotEmpty().containsOnly(Thread.currentThread());
	}

}
