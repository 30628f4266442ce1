package dev.loopline.autoconfigure.actuate;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TaskRuntimeHealthIndicator}.
 */
class TaskRuntimeHealthIndicatorTests {

	private final AtomicLong nanos = new AtomicLong(1_000_000_000_000L);

	private final CountDownLatch gate = new CountDownLatch(1);

	private final TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(1)
		.blockingThreads(1)
		.stallThreshold(Duration.ofDays(1))
		.ticker(this.nanos::get)));

	private final TaskRuntimeHealthIndicator indicator = new TaskRuntimeHealthIndicator(() -> this.runtime);

	@AfterEach
	void endRuntime() {
		this.gate.countDown();
		this.runtime.close();
	}

	@Test
	void runtimeAtRestIsUp() {
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void stuckWorkerDegrades() throws InterruptedException {
		CountDownLatch running = new CountDownLatch(1);
		this.runtime.newStrand().execute(() -> hold(running));
		assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.UP);
		this.nanos.addAndGet(TaskRuntimeHealthIndicator.STUCK.toNanos());
		Health health = this.indicator.health();
		assertThat(health.getStatus()).isEqualTo(TaskRuntimeHealthIndicator.DEGRADED);
		assertThat(health.getDetails().get("stuckWorkers")).hasToString("[0]");
		assertThat(health.getDetails()).containsEntry("threadsExhausted", false);
	}

	private void hold(CountDownLatch running) {
		running.countDown();
		try {
			this.gate.await(20, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
