package dev.loopline.autoconfigure.reactor;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import dev.loopline.runtime.JoinHandle;
import dev.loopline.runtime.RuntimeThreads;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;
import dev.loopline.runtime.TaskStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for tasks that are publishers and publishers that are tasks.
 */
class ReactorTaskTests {

	private final TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(2)));

	@AfterEach
	void close() {
		this.runtime.close();
	}

	@Test
	void publisherIsSpawnedAndSubscribedOnAWorker() {
		Mono<Boolean> mono = Mono.fromSupplier(RuntimeThreads::isWorker);
		assertThat(this.runtime.spawnAsync(mono::toFuture).join()).isTrue();
		assertThat(this.runtime.spawnAsync(Flux.just(1, 2, 3).collectList()::toFuture).join()).containsExactly(1, 2, 3);
	}

	@Test
	void abortCancelsThePublisher() {
		AtomicBoolean cancelled = new AtomicBoolean();
		Mono<Object> never = Mono.never().doOnCancel(() -> cancelled.set(true));
		JoinHandle<Object> task = this.runtime.spawnAsync(never::toFuture);
		await().until(() -> task.status() == TaskStatus.SUSPENDED);
		task.abort();
		await().untilTrue(cancelled);
	}

	@Test
	void taskIsAMono() {
		JoinHandle<Integer> task = this.runtime.spawn(() -> 42);
		assertThat(Mono.fromCompletionStage(task).block(Duration.ofSeconds(20))).isEqualTo(42);
	}

	@Test
	void cancellationOfTheMonoAbortsTheTask() {
		JoinHandle<Object> task = this.runtime.spawnAsync(CompletableFuture::new);
		Disposable subscription = Mono.fromCompletionStage(task).subscribe();
		await().until(() -> task.status() == TaskStatus.SUSPENDED);
		subscription.dispose();
		await().until(task::isFinished);
		assertThat(task.status()).isEqualTo(TaskStatus.CANCELLED);
	}

}
