package dev.loopline.runtime;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link JoinGuard}.
 */
class JoinGuardTests {

	private final CompletableFuture<Integer> open = new CompletableFuture<>();

	private TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(2)));

	private JoinSet<Integer> set = new JoinSet<>(this.runtime);

	private JoinHandle<Integer> running = this.set.add(this.runtime.spawnAsync(() -> this.open));

	@AfterEach
	void end() {
		this.open.complete(42);
		this.runtime.close();
	}

	@ParameterizedTest
	@EnumSource
	void waitIsRefusedWithinTasksAndStrands(Wait wait) throws Exception {
		Callable<@Nullable Throwable> refused = () -> catchThrowable(() -> wait.on(this.running, this.set));
		assertRefused(this.runtime.spawn(refused).join(), wait);
		assertRefused(onStrand(StrandOptions.DEFAULTS, refused), wait);
		assertRefused(onStrand(StrandOptions.DEFAULTS.blocking(), refused), wait);
		assertThat(this.running.isFinished()).isFalse();
		assertThat(this.set.size()).isOne();
		CompletionStage<@Nullable JoinHandle<Integer>> next = this.set.next();
		this.open.complete(42);
		assertThat(Await.<@Nullable Object>result(next.thenApply((ended) -> ended))).as("nobody else waits for it")
			.isSameAs(this.running);
	}

	private void assertRefused(@Nullable Throwable thrown, Wait wait) {
		String what = (wait.ofSet) ? "A set of 1 tasks" : this.running.toString();
		assertThat(thrown).isInstanceOf(IllegalStateException.class)
			.hasMessageStartingWith(what + " has not ended, and a strand or task must not wait for it")
			.hasMessageContainingAll("toCompletableFuture()", "JoinSet.next()", "spawnBlocking", "blockInPlace");
	}

	@ParameterizedTest
	@EnumSource
	void whatHasEndedIsJoinedAnywhere(Wait wait) {
		this.open.complete(42);
		this.running.join();
		JoinHandle<Integer> last = this.runtime.spawn(() -> 43);
		last.join();
		assertThat(this.runtime.spawn(() -> last.join()).join()).isEqualTo(43);
		// The set hears of an end a moment later
		Await.until(() -> catchThrowable(this.runtime.spawn(() -> wait.on(this.running, this.set))::join) == null);
	}

	@ParameterizedTest
	@EnumSource
	void waitIsAllowedWhereJobsMayBlock(Wait wait) {
		JoinHandle<Integer> blocking = this.runtime.spawnBlocking(() -> wait.on(this.running, this.set));
		this.open.complete(42);
		assertThat(blocking.join()).isEqualTo(42);
	}

	@Test
	void waitIsAllowedInPlace() {
		JoinHandle<Integer> inPlace = this.runtime.spawn(() -> TaskRuntime.blockInPlace(this.running::join));
		this.open.complete(42);
		assertThat(inPlace.join()).isEqualTo(42);
	}

	@Test
	void lookWithoutAWaitIsNoWait() {
		Throwable thrown = this.runtime.spawn(() -> catchThrowable(() -> this.running.join(Duration.ZERO))).join();
		assertThat(thrown).isInstanceOf(TimeoutException.class);
	}

	@ParameterizedTest
	@EnumSource
	void runtimeThatAllowsBlockingRescuesWhoWaits(Wait wait) {
		try (TaskRuntime permissive = TaskRuntime
			.start(TaskRuntimeConfig.of((builder) -> builder.workers(1).allowBlocking(true)))) {
			CountDownLatch waits = new CountDownLatch(1);
			JoinHandle<Integer> waiting = permissive.spawn(() -> {
				waits.countDown();
				return wait.on(this.running, this.set);
			});
			Await.open(waits);
			permissive.spawn(() -> this.open.complete(42));
			assertThat(waiting.join()).isEqualTo(42);
		}
	}

	private <T> T onStrand(StrandOptions options, Callable<T> action) {
		CompletableFuture<T> result = new CompletableFuture<>();
		this.runtime.newStrand(options).execute(() -> {
			try {
				result.complete(action.call());
			}
			catch (Exception ex) {
				result.completeExceptionally(ex);
			}
		});
		return Await.<T>result(result);
	}

	/** The ways to wait. */
	enum Wait {

		JOIN(false) {

			@Override
			Integer on(JoinHandle<Integer> task, JoinSet<Integer> set) {
				return task.join();
			}

		},

		TIMED_JOIN(false) {

			@Override
			Integer on(JoinHandle<Integer> task, JoinSet<Integer> set) throws Exception {
				return task.join(Duration.ofMinutes(1));
			}

		},

		NEXT(true) {

			@Override
			Integer on(JoinHandle<Integer> task, JoinSet<Integer> set) {
				return set.joinNext().join();
			}

		},

		ALL(true) {

			@Override
			Integer on(JoinHandle<Integer> task, JoinSet<Integer> set) {
				return set.joinAll().get(0);
			}

		};

		private final boolean ofSet;

		Wait(boolean ofSet) {
			this.ofSet = ofSet;
		}

		abstract Integer on(JoinHandle<Integer> task, JoinSet<Integer> set) throws Exception;

	}

}
