package dev.loopline.autoconfigure;

import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link TaskRuntimeLifecycle}.
 */
@Timeout(60)
class TaskRuntimeLifecycleTests {

	private final List<TaskRuntime> initialized = new ArrayList<>();

	private final TaskRuntimeLifecycle lifecycle = new TaskRuntimeLifecycle(
			TaskRuntimeConfig.of((builder) -> builder.workers(1)), null, List.of(this.initialized::add));

	@AfterEach
	void stop() {
		this.lifecycle.stop();
	}

	@Test
	void startsNothingBeforeSomebodyAsks() {
		this.lifecycle.start();
		assertThat(this.lifecycle.isRunning()).isTrue();
		assertThat(this.lifecycle.runtimeInUse()).isNull();
		assertThat(this.lifecycle.runtime()).isSameAs(this.lifecycle.runtimeInUse());
		assertThat(this.initialized).containsExactly(this.lifecycle.runtime());
	}

	@Test
	void runtimeThatABeanAsksForBeforeTheStartIsThatOfTheContext() {
		TaskRuntime early = this.lifecycle.runtime();
		this.lifecycle.start();
		assertThat(this.lifecycle.runtime()).isSameAs(early);
		assertThat(early.restarts()).isZero();
	}

	@Test
	void eachStartAfterAStopIsANewLife() {
		this.lifecycle.start();
		TaskRuntime runtime = this.lifecycle.runtime();
		for (int i = 1; i <= 3; i++) {
			this.lifecycle.stop();
			assertThat(this.lifecycle.isRunning()).isFalse();
			assertThatIllegalStateException().isThrownBy(this.lifecycle::runtime).withMessageContaining("stopped");
			assertThatIllegalStateException().isThrownBy(this.lifecycle::runtimeInUse);
			assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> runtime.spawn(() -> "late"));
			this.lifecycle.start();
			assertThat(this.lifecycle.runtime()).isSameAs(runtime);
			assertThat(runtime.restarts()).isEqualTo(i);
			assertThat(runtime.spawn(() -> "again").join()).isEqualTo("again");
		}
		assertThat(this.initialized).containsExactly(runtime);
	}

	@Test
	void stoppedContextStartsNoRuntime() {
		this.lifecycle.start();
		this.lifecycle.stop();
		assertThatIllegalStateException().isThrownBy(this.lifecycle::runtime);
		assertThat(this.lifecycle.runtimeInUse()).isNull();
		this.lifecycle.start();
		assertThat(this.lifecycle.runtime().restarts()).isZero();
	}

	@Test
	void runtimeThatCannotBeInitializedEnds() {
		TaskRuntimeLifecycle failing = new TaskRuntimeLifecycle(TaskRuntimeConfig.of((builder) -> builder.workers(1)),
				null, List.of(this.initialized::add, (runtime) -> {
					throw new IllegalArgumentException("expected");
				}));
		assertThatIllegalArgumentException().isThrownBy(failing::runtime);
		assertThat(failing.runtimeInUse()).isNull();
		assertThat(this.initialized.get(0).termination().toCompletableFuture()).isDone();
	}

	@Test
	void failedContextEndsTheRuntime() {
		TaskRuntime runtime = this.lifecycle.runtime();
		this.lifecycle.destroy();
		assertThat(runtime.termination().toCompletableFuture()).isDone();
	}

	@Test
	void runtimeThatSomebodyElseEndedLivesAgainWithTheContext() {
		this.lifecycle.start();
		TaskRuntime runtime = this.lifecycle.runtime();
		runtime.close();
		this.lifecycle.stop();
		this.lifecycle.start();
		assertThat(runtime.spawn(() -> "again").join()).isEqualTo("again");
	}

	@Test
	void newLifeBeginsAfterTheEndOfTheOneBefore() throws Exception {
		TaskRuntime runtime = this.lifecycle.runtime();
		CountDownLatch stuck = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		runtime.execute(() -> {
			stuck.countDown();
			try {
				release.await();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		});
		stuck.await();
		runtime.shutdown(Duration.ZERO, Duration.ofSeconds(30));
		AtomicReference<String> answer = new AtomicReference<>();
		Thread starter = new Thread(() -> {
			this.lifecycle.start();
			answer.set(runtime.spawn(() -> "again").join());
		});
		starter.start();
		await().until(() -> starter.getState() == Thread.State.TIMED_WAITING);
		assertThat(runtime.restarts()).isZero();
		release.countDown();
		starter.join();
		assertThat(answer).hasValue("again");
		assertThat(runtime.restarts()).isEqualTo(1);
	}

	@Test
	void threadsHaveTheClassLoaderOfTheApplicationWhoeverAsksFirst() throws Exception {
		ClassLoader application = new URLClassLoader(new URL[0], getClass().getClassLoader());
		this.lifecycle.setBeanClassLoader(application);
		assertThat(classLoaderOfWorker()).isSameAs(application);
		this.lifecycle.stop();
		assertThat(classLoaderOfWorker()).isSameAs(application);
	}

	private ClassLoader classLoaderOfWorker() throws Exception {
		CompletableFuture<ClassLoader> seen = new CompletableFuture<>();
		Thread bean = new Thread(() -> {
			Thread.currentThread().setContextClassLoader(null);
			this.lifecycle.start();
			TaskRuntime runtime = this.lifecycle.runtime();
			assertThat(Thread.currentThread().getContextClassLoader()).isNull();
			runtime.execute(() -> seen.complete(Thread.currentThread().getContextClassLoader()));
		});
		bean.start();
		return seen.get(20, TimeUnit.SECONDS);
	}

}
