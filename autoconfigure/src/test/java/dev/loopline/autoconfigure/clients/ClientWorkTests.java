package dev.loopline.autoconfigure.clients;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClientWork}.
 */
class ClientWorkTests {

	private static final Duration STALL = Duration.ofHours(1);

	@Test
	void taskThatTheRuntimeDoesNotGetToRunsElsewhere() throws Exception {
		TaskRuntime runtime = TaskRuntime
			.start(TaskRuntimeConfig.of((builder) -> builder.workers(1).stallThreshold(STALL)));
		CountDownLatch stuck = new CountDownLatch(1);
		CountDownLatch over = new CountDownLatch(1);
		try {
			runtime.execute(() -> {
				stuck.countDown();
				awaitUninterruptibly(over);
			});
			stuck.await();
			CompletableFuture<String> thread = new CompletableFuture<>();
			ClientWork.on(runtime.newStrand()).execute(() -> thread.complete(Thread.currentThread().getName()));
			runtime.shutdown(Duration.ZERO, Duration.ZERO);
			assertThat(thread.get(20, TimeUnit.SECONDS)).startsWith("ForkJoinPool.commonPool");
		}
		finally {
			over.countDown();
			runtime.close();
		}
	}

	@Test
	void taskIsRefusedByARuntimeThatHasEndedAndRunsElsewhere() throws Exception {
		TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(1)));
		runtime.close();
		CompletableFuture<String> thread = new CompletableFuture<>();
		ClientWork.on(runtime.newStrand()).execute(() -> thread.complete(Thread.currentThread().getName()));
		assertThat(thread.get(20, TimeUnit.SECONDS)).startsWith("ForkJoinPool.commonPool");
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		boolean interrupted = false;
		while (latch.getCount() > 0) {
			try {
				latch.await();
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

}
