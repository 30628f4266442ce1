package dev.loopline.runtime;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link TaskRuntime#blockInPlace} and {@link TaskRuntime#newBlockingStrand}.
 */
class BlockInPlaceTests {

	private final UnwatchedThreads threads = new UnwatchedThreads();

	private final CountDownLatch gate = new CountDownLatch(1);

	private TaskRuntime runtime;

	@AfterEach
	void endRuntime() {
		this.gate.countDown();
		if (this.runtime != null) {
			this.runtime.close();
		}
		Await.until(() -> this.threads.alive().isEmpty());
	}

	@Test
	void othersRunWhileTheJobBlocks() {
		start((builder) -> builder.workers(1));
		CountDownLatch ran = new CountDownLatch(1);
		Strand other = this.runtime.newStrand();
		CompletableFuture<Boolean> onWorker = new CompletableFuture<>();
		this.runtime.newStrand().execute(() -> {
			other.execute(ran::countDown);
			blockInPlace(ran);
			onWorker.complete(RuntimeThreads.isWorker());
		});
		assertThat(Await.result(onWorker)).isFalse();
	}

	@Test
	void threadGetsItsWorkerBack() {
		start((builder) -> builder.workers(1));
		WorkerThread owner = this.runtime.scheduler().workers()[0].owner;
		for (int i = 0; i < 20; i++) {
			CountDownLatch ran = new CountDownLatch(1);
			CountDownLatch done = new CountDownLatch(1);
			this.runtime.newStrand().execute(() -> {
				this.runtime.newStrand().execute(ran::countDown);
				blockInPlace(ran);
				done.countDown();
			});
			Await.open(done);
			Await.until(() -> this.runtime.scheduler().workers()[0].owner == owner && !owner.isSeized());
		}
		Await.until(() -> List.of(this.runtime.scheduler().threads()).equals(List.of(owner)));
	}

	@Test
	void jobsMayBeNested() {
		start((builder) -> builder.workers(1));
		CompletableFuture<String> result = new CompletableFuture<>();
		this.runtime.newStrand()
			.execute(() -> result
				.complete(uncheck(() -> TaskRuntime.blockInPlace(() -> TaskRuntime.blockInPlace(() -> "inner")))));
		assertThat(Await.result(result)).isEqualTo("inner");
	}

	@Test
	void strandThatBlockedStartsInTheSlowLaneNextTime() {
		start((builder) -> builder.workers(1));
		Strand strand = this.runtime.newStrand();
		CountDownLatch ran = new CountDownLatch(1);
		strand.execute(() -> {
			this.runtime.newStrand().execute(ran::countDown);
			blockInPlace(ran);
		});
		CompletableFuture<Boolean> onWorker = new CompletableFuture<>();
		Await.until(() -> !strand.isRunning() && strand.state() == StrandState.IDLE);
		strand.execute(() -> onWorker.complete(RuntimeThreads.isWorker()));
		assertThat(Await.result(onWorker)).isFalse();
	}

	@Test
	void jobJustRunsOutsideTheRuntime() throws Exception {
		assertThat(TaskRuntime.blockInPlace(Thread::currentThread)).isSameAs(Thread.currentThread());
	}

	@Test
	void jobJustRunsWhenNoThreadIsFree() {
		start((builder) -> builder.workers(1).blockingThreads(1));
		int reserve = this.runtime.scheduler().reserve().total();
		while (this.runtime.scheduler().blockingPool().tryExecute(() -> Await.open(this.gate), reserve)) {
			// There are more.
		}
		CompletableFuture<Boolean> onWorker = new CompletableFuture<>();
		this.runtime.newStrand()
			.execute(() -> onWorker.complete(uncheck(() -> TaskRuntime.blockInPlace(RuntimeThreads::isWorker))));
		assertThat(Await.result(onWorker)).isTrue();
	}

	@Test
	void jobJustRunsWhereNoOtherThreadMayPollTheDriver() {
		this.runtime = TaskRuntime
			.start(TaskRuntimeConfig.of((builder) -> builder.workers(1).threadFactory(this.threads)), (token) -> {
				token.reserve();
				return new RestlessDriver(token);
			});
		Await.until(() -> this.threads.alive().size() == 1);
		CompletableFuture<Integer> threads = new CompletableFuture<>();
		this.runtime.newStrand()
			.execute(
					() -> threads.complete(uncheck(() -> TaskRuntime.blockInPlace(() -> this.threads.alive().size()))));
		assertThat(Await.result(threads)).isEqualTo(1);
	}

	@Test
	void failureOfTheJobIsTheCallers() {
		assertThatIOException().isThrownBy(() -> TaskRuntime.blockInPlace(() -> {
			throw new IOException("Meant to fail");
		})).withMessage("Meant to fail");
	}

	@Test
	void noWorkerRunsABlockingStrand() {
		start((builder) -> builder.workers(1));
		Strand strand = this.runtime.newStrand(StrandOptions.DEFAULTS.blocking());
		for (int i = 0; i < 20; i++) {
			CompletableFuture<Boolean> onWorker = new CompletableFuture<>();
			strand.execute(() -> onWorker.complete(RuntimeThreads.isWorker()));
			assertThat(Await.result(onWorker)).isFalse();
		}
	}

	@Test
	void blockingStrandRunsItsTasksInOrder() {
		start((builder) -> builder.workers(1).budget(4));
		Strand strand = this.runtime.newStrand(StrandOptions.DEFAULTS.blocking());
		StringBuilder order = new StringBuilder();
		CountDownLatch done = new CountDownLatch(1);
		for (char c = 'a'; c <= 'z'; c++) {
			char letter = c;
			strand.execute(() -> order.append(letter));
		}
		strand.execute(done::countDown);
		Await.open(done);
		assertThat(order).hasToString("abcdefghijklmnopqrstuvwxyz");
	}

	@Test
	void strandThatGathersLetsOthersGoFirst() {
		start((builder) -> builder.workers(1));
		Strand gathering = this.runtime.newStrand();
		StrandInstrumentation.gather(gathering);
		Strand other = this.runtime.newStrand();
		StringBuffer order = new StringBuffer();
		CountDownLatch done = new CountDownLatch(2);
		this.runtime.newStrand().execute(() -> {
			other.execute(() -> {
				order.append("other ");
				done.countDown();
			});
			gathering.execute(() -> {
				order.append("gathering ");
				done.countDown();
			});
		});
		Await.open(done);
		assertThat(order).hasToString("other gathering ");
	}

	private void start(Consumer<TaskRuntimeConfigBuilder> changes) {
		this.runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> {
			builder.threadFactory(this.threads);
			changes.accept(builder);
		}));
	}

	private static void blockInPlace(CountDownLatch latch) {
		uncheck(() -> TaskRuntime.blockInPlace(() -> {
			Await.open(latch);
			return "";
		}));
	}

	private static <T> T uncheck(Callable<T> call) {
		try {
			return call.call();
		}
		catch (Exception ex) {
			throw new AssertionError(ex);
		}
	}

}
