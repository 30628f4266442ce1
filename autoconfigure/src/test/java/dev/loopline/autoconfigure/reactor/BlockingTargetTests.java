package dev.loopline.autoconfigure.reactor;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link BlockingTarget}.
 */
class BlockingTargetTests {

	private final TaskRuntime runtime = TaskRuntime
		.start(TaskRuntimeConfig.of((builder) -> builder.workers(1).blockingThreads(1).blockingQueueCapacity(1)));

	private final CountDownLatch gate = new CountDownLatch(1);

	@AfterEach
	void endRuntime() {
		this.gate.countDown();
		this.runtime.close();
	}

	@Test
	void workerThatWasRefusedAThreadGetsOneLater() throws InterruptedException {
		BlockingTarget target = new BlockingTarget(this.runtime, 1, 1);
		CountDownLatch queued = new CountDownLatch(1);
		target.execute(this::awaitGate);
		target.execute(queued::countDown);
		SchedulerTarget worker = target.serial();
		CountDownLatch refused = new CountDownLatch(1);
		assertThatExceptionOfType(RejectedExecutionException.class)
			.isThrownBy(() -> worker.execute(refused::countDown));
		this.gate.countDown();
		assertThat(queued.await(20, TimeUnit.SECONDS)).isTrue();
		CountDownLatch ran = new CountDownLatch(1);
		worker.execute(ran::countDown);
		assertThat(ran.await(20, TimeUnit.SECONDS)).isTrue();
		assertThat(refused.getCount()).isEqualTo(1);
	}

	@Test
	void threadThatTheRuntimeRefusedIsNotCounted() throws InterruptedException {
		BlockingTarget others = new BlockingTarget(this.runtime, 2, 0);
		others.execute(this::awaitGate);
		CountDownLatch queued = new CountDownLatch(1);
		others.execute(queued::countDown);
		BlockingTarget target = new BlockingTarget(this.runtime, 1, 0);
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> target.execute(() -> {
		}));
		this.gate.countDown();
		assertThat(queued.await(20, TimeUnit.SECONDS)).isTrue();
		CountDownLatch ran = new CountDownLatch(1);
		target.execute(ran::countDown);
		assertThat(ran.await(20, TimeUnit.SECONDS)).isTrue();
	}

	private void awaitGate() {
		try {
			this.gate.await();
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

}
