package dev.loopline.runtime;

import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RuntimeThread}, and for threads of other classes in its place.
 */
class RuntimeThreadTests {

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void workerKnowsItsLoopAndOthersHaveNone(boolean ownFactory) {
		try (TaskRuntime runtime = start(ownFactory); TaskRuntime other = start(!ownFactory)) {
			assertThat(runtime.spawn(WorkerThread::current).join()).isSameAs(runtime.scheduler().workers()[0].owner);
			assertThat(other.spawn(WorkerThread::current).join()).isSameAs(other.scheduler().workers()[0].owner);
			assertThat(runtime.spawn(() -> Thread.currentThread() instanceof RuntimeThread).join())
				.isEqualTo(!ownFactory);
			assertThat(WorkerThread.current()).isNull();
			assertThat(Await.result(runtime.spawnBlocking(RuntimeThreads::isWorker))).isFalse();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void threadThatHasLeftItsLoopHasNone(boolean ownFactory) {
		CompletableFuture<WorkerThread> afterwards = new CompletableFuture<>();
		try (TaskRuntime runtime = start(ownFactory)) {
			runtime.spawn(() -> 42).join();
			Runnable visit = () -> {
				RuntimeThread.enter(runtime.scheduler().workers()[0].owner);
				RuntimeThread.leave();
				afterwards.complete(WorkerThread.current());
			};
			Thread thread = ownFactory ? new Thread(visit) : new RuntimeThread(visit, "visitor");
			thread.start();
			assertThat(Await.result(afterwards)).isNull();
		}
	}

	@Test
	void keepsNoJvmAlive() {
		assertThat(new RuntimeThread(Thread::yield, "daemon").isDaemon()).isTrue();
	}

	private static TaskRuntime start(boolean ownFactory) {
		return TaskRuntime.start(TaskRuntimeConfig.of((builder) -> {
			builder.workers(1);
			if (ownFactory) {
				builder.threadFactory(Thread::new);
			}
		}));
	}

}
