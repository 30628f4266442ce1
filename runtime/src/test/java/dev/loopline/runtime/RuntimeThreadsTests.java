package dev.loopline.runtime;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RuntimeThreads}.
 */
class RuntimeThreadsTests {

	private final TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(2)));

	@AfterEach
	void close() {
		this.runtime.close();
	}

	@Test
	void containsThoseOfRuntimesAlone() throws Exception {
		assertThat(RuntimeThreads.contains(Thread.currentThread())).isFalse();
		assertThat(RuntimeThreads.contains(get(this.runtime.spawn(Thread::currentThread).toCompletableFuture())))
			.isTrue();
		assertThat(
				RuntimeThreads.contains(get(this.runtime.spawnBlocking(Thread::currentThread).toCompletableFuture())))
			.isTrue();
	}

	@Test
	void strandsAndTasksMayNotBlock() throws Exception {
		assertThat(get(this.runtime.spawn(RuntimeThreads::mayBlock).toCompletableFuture())).isFalse();
		assertThat(mayBlockIn(this.runtime.newStrand())).isFalse();
	}

	@Test
	void strandOfTheLaneMayBlockIfItIsKnownTo() throws Exception {
		assertThat(mayBlockIn(this.runtime.newStrand(StrandOptions.DEFAULTS.slowLike(this.runtime.newStrand()))))
			.isFalse();
		assertThat(mayBlockIn(this.runtime.newStrand(StrandOptions.DEFAULTS.blocking()))).isTrue();
	}

	@Test
	void strandThatHasLostItsWorkerMayNotBlock() throws Exception {
		assertThat(get(CompletableFuture.supplyAsync(() -> {
			while (RuntimeThreads.isWorker()) {
				Thread.onSpinWait();
			}
			return RuntimeThreads.mayBlock();
		}, this.runtime.newStrand()))).isFalse();
	}

	@Test
	void jobsMayBlock() throws Exception {
		assertThat(RuntimeThreads.mayBlock()).isTrue();
		assertThat(get(this.runtime.spawnBlocking(RuntimeThreads::mayBlock).toCompletableFuture())).isTrue();
		assertThat(
				get(this.runtime.spawn(() -> TaskRuntime.blockInPlace(RuntimeThreads::mayBlock)).toCompletableFuture()))
			.isTrue();
	}

	private static boolean mayBlockIn(Executor strand) throws Exception {
		return get(CompletableFuture.supplyAsync(RuntimeThreads::mayBlock, strand));
	}

	private static <T> T get(CompletableFuture<T> future) throws Exception {
		return future.get(20, TimeUnit.SECONDS);
	}

}
