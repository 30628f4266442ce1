package dev.loopline.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the tasks of a {@link TaskRuntime} with threads.
 */
class TaskRuntimeTaskTests {

	private final TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(2)));

	@AfterEach
	void close() {
		this.runtime.close();
	}

	@Test
	void taskRunsOnAWorker() {
		assertThat(this.runtime.spawn(RuntimeThreads::isWorker).join()).isTrue();
	}

	@Test
	void taskSpawnsTasks() {
		JoinHandle<Integer> outer = this.runtime.spawnAsync(() -> this.runtime.spawn(() -> 20).thenApply((n) -> 2 * n));
		assertThat(outer.join()).isEqualTo(40);
	}

	@Test
	void taskThatBlocksHurtsNobody() {
		CountDownLatch release = new CountDownLatch(1);
		List<JoinHandle<?>> blocked = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			blocked.add(this.runtime.spawn(() -> {
				Await.open(release);
				return null;
			}));
		}
		assertThat(Await.result(this.runtime.spawn(() -> 42))).isEqualTo(42);
		release.countDown();
		blocked.forEach(Await::result);
	}

	@Test
	void tasksThatWaitForOneStageEndWithTheRuntime() {
		CompletableFuture<Integer> never = new CompletableFuture<>();
		List<JoinHandle<Integer>> handles = new ArrayList<>();
		for (int i = 0; i < 20_000; i++) {
			handles.add(this.runtime.spawnAsync(() -> never));
		}
		Await.until(() -> this.runtime.diagnostics().snapshot().tasks().suspended() == handles.size());
		this.runtime.close();
		assertThat(handles).allMatch(JoinHandle::isFinished);
	}

	@Test
	void everyTaskEndsOnceInAnAbortStorm() {
		int tasks = 20_000;
		AtomicInteger ran = new AtomicInteger();
		AtomicInteger aborted = new AtomicInteger();
		AtomicInteger ended = new AtomicInteger();
		CountDownLatch all = new CountDownLatch(tasks);
		for (int i = 0; i < tasks; i++) {
			CompletableFuture<Integer> stage = new CompletableFuture<>();
			JoinHandle<Integer> handle = (i % 2 == 0) ? this.runtime.spawn(() -> 1)
					: this.runtime.spawnAsync(() -> stage);
			handle.whenComplete((value, ex) -> {
				ended.incrementAndGet();
				((ex != null) ? aborted : ran).incrementAndGet();
				all.countDown();
			});
			if (ThreadLocalRandom.current().nextBoolean()) {
				this.runtime.spawn(handle::abort);
			}
			stage.complete(2);
		}
		Await.open(all);
		assertThat(ended).hasValue(tasks);
		assertThat(ran.get() + aborted.get()).isEqualTo(tasks);
		Await.until(() -> this.runtime.diagnostics().snapshot().tasks().live() == 0);
		assertThat(this.runtime.diagnostics().snapshot().tasks().suspended()).isZero();
	}

	@Test
	void runningTaskIsListed() {
		CountDownLatch release = new CountDownLatch(1);
		JoinHandle<Void> handle = this.runtime.spawn("visible", () -> {
			Await.open(release);
			return null;
		});
		Await.until(() -> handle.status() == TaskStatus.RUNNING);
		assertThat(this.runtime.diagnostics().tasks(10)).extracting(TaskSnapshot::name).containsExactly("visible");
		release.countDown();
		Await.result(handle);
	}

	@Test
	void suspendedTasksAreAbortedAtTheEnd() {
		CompletableFuture<Object> never = new CompletableFuture<>();
		JoinHandle<Object> handle = this.runtime.spawnAsync(() -> never);
		Await.until(() -> handle.status() == TaskStatus.SUSPENDED);
		this.runtime.close();
		assertThatExceptionOfType(CancellationException.class).isThrownBy(handle::join);
		assertThat(never).isCancelled();
	}

	@Test
	void unobservedFailuresAreLoggedAtTheEnd() {
		try (LogCapture log = new LogCapture(JoinHandle.class)) {
			JoinHandle<Object> handle = this.runtime.spawn(() -> {
				throw new IllegalStateException("last");
			});
			Await.until(handle::isFinished);
			this.runtime.shutdown(Duration.ZERO, Duration.ofSeconds(10)).toCompletableFuture().join();
			assertThat(log.messages()).containsExactly(handle + " failed and nobody looked at its outcome");
		}
	}

	@Test
	void nothingIsSpawnedAfterTheEnd() {
		this.runtime.close();
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> this.runtime.spawn(() -> 1));
	}

	@Test
	void everyTaskThatWasAcceptedEndsWhenTheRuntimeDoes() {
		List<JoinHandle<Integer>> accepted = new ArrayList<>();
		CompletableFuture<Void> end = new CompletableFuture<>();
		Thread spawner = new Thread(() -> {
			try {
				for (;;) {
					accepted.add(this.runtime.spawn(() -> 1));
					end.complete(null);
				}
			}
			catch (RejectedExecutionException ex) {
				// The end
			}
		});
		spawner.start();
		end.join();
		this.runtime.close();
		Await.end(spawner);
		Await.until(() -> accepted.stream().allMatch(JoinHandle::isFinished));
	}

}
