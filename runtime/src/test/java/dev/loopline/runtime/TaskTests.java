package dev.loopline.runtime;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for {@link Task} and its {@link JoinHandle}, one poll at a time.
 */
class TaskTests {

	private final StillRuntime still = new StillRuntime();

	private final TaskRuntime runtime = this.still.runtime;

	@Test
	void callableRunsOnceAndItsResultIsJoined() {
		JoinHandle<Integer> handle = this.runtime.spawn(() -> 42);
		assertThat(handle.status()).isEqualTo(TaskStatus.RUNNABLE);
		assertThat(handle.isFinished()).isFalse();
		this.still.drain();
		assertThat(handle.join()).isEqualTo(42);
		assertThat(handle.status()).isEqualTo(TaskStatus.COMPLETE);
		assertThat(handle.abort()).isFalse();
	}

	@Test
	void failureKeepsTheCauseAndNamesTheTask() {
		IOException cause = new IOException("no more");
		JoinHandle<Object> handle = this.runtime.spawn("checkout", () -> {
			throw cause;
		});
		this.still.drain();
		assertThatExceptionOfType(TaskFailedException.class).isThrownBy(handle::join)
			.withCause(cause)
			.withMessage("%s failed: %s", handle, cause)
			.satisfies((ex) -> assertThat(ex.task()).isEqualTo("checkout"));
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> handle.toCompletableFuture().get())
			.withCause(cause);
	}

	@Test
	void namesAndNumbersAreUnique() {
		JoinHandle<Integer> first = this.runtime.spawn(() -> 1);
		JoinHandle<Integer> second = this.runtime.spawn("second", () -> 2);
		assertThat(first.id()).isPositive().isNotEqualTo(second.id()).isEqualTo(first.id());
		assertThat(first.name()).isEqualTo("task-" + first.id());
		assertThat(second.name()).isEqualTo("second");
		assertThatObject(second).hasToString("Task %d 'second'".formatted(second.id()));
	}

	@Test
	void stagesOfAHandleSeeItsOutcome() {
		JoinHandle<Integer> handle = this.runtime.spawn(() -> 20);
		CompletableFuture<Integer> doubled = handle.thenApply((value) -> 2 * value).toCompletableFuture();
		this.still.drain();
		assertThat(doubled).isCompletedWithValue(40);
	}

	@Test
	void nobodyButTheTaskCompletesTheHandle() {
		JoinHandle<Integer> handle = this.runtime.spawn(() -> 42);
		assertThat(handle.toCompletableFuture().complete(1)).isTrue();
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> ((CompletableFuture<Integer>) handle).complete(1));
		this.still.drain();
		assertThat(handle.join()).isEqualTo(42);
	}

	@Test
	void interruptOfASuspendedTaskEndsWithThePoll() {
		this.runtime.spawnAsync(() -> {
			Thread.currentThread().interrupt();
			return new CompletableFuture<>();
		});
		this.still.drain();
		assertThat(Thread.interrupted()).isFalse();
	}

	@Test
	void abortedTaskDoesNotRun() {
		AtomicInteger runs = new AtomicInteger();
		JoinHandle<Integer> handle = this.runtime.spawn(runs::incrementAndGet);
		assertThat(handle.abort()).isTrue();
		assertThat(handle.status()).isEqualTo(TaskStatus.CANCELLED);
		assertThat(handle.isFinished()).isFalse();
		this.still.drain();
		assertThat(runs).hasValue(0);
		assertThat(handle.isFinished()).isTrue();
		assertThatExceptionOfType(CancellationException.class).isThrownBy(handle::join);
	}

	@Test
	void abortDuringTheLastPollComesTooLate() {
		CompletableFuture<JoinHandle<Integer>> self = new CompletableFuture<>();
		JoinHandle<Integer> handle = this.runtime.spawn(() -> {
			self.join().abort();
			return 42;
		});
		self.complete(handle);
		this.still.drain();
		assertThat(handle.join()).isEqualTo(42);
	}

	@Test
	void joinWithATimeoutGivesUpAndTheTaskRunsOn() throws Exception {
		JoinHandle<Integer> handle = this.runtime.spawn(() -> 42);
		assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> handle.join(Duration.ofNanos(1)));
		this.still.drain();
		assertThat(handle.join(Duration.ZERO)).isEqualTo(42);
	}

	@Test
	void asyncTaskIsSuspendedUntilItsStageCompletes() {
		CompletableFuture<String> stage = new CompletableFuture<>();
		JoinHandle<String> handle = this.runtime.spawnAsync(() -> stage);
		this.still.drain();
		assertThat(handle.status()).isEqualTo(TaskStatus.SUSPENDED);
		assertThat(this.runtime.diagnostics().snapshot().tasks().suspended()).isOne();
		stage.complete("done");
		assertThat(handle.status()).isEqualTo(TaskStatus.RUNNABLE);
		this.still.drain();
		assertThat(handle.join()).isEqualTo("done");
		assertThat(this.runtime.diagnostics().snapshot().tasks().suspended()).isZero();
	}

	@Test
	void asyncTaskWhoseStageIsCompleteEndsInOnePoll() {
		JoinHandle<String> handle = this.runtime.spawnAsync(() -> CompletableFuture.completedFuture("done"));
		this.still.drain();
		assertThat(handle.join()).isEqualTo("done");
	}

	@Test
	void failureOfAStageIsTheCause() {
		IOException cause = new IOException("no more");
		JoinHandle<String> handle = this.runtime
			.spawnAsync(() -> CompletableFuture.<String>failedFuture(cause).thenApply(String::trim));
		this.still.drain();
		assertThatExceptionOfType(TaskFailedException.class).isThrownBy(handle::join).withCause(cause);
	}

	@Test
	void abortOfASuspendedTaskCancelsWhatItWaitsFor() {
		CompletableFuture<String> stage = new CompletableFuture<>();
		JoinHandle<String> handle = this.runtime.spawnAsync(() -> stage);
		this.still.drain();
		handle.abort();
		assertThat(stage).isNotDone();
		this.still.drain();
		assertThat(stage).isCancelled();
		assertThat(handle.isFinished()).isTrue();
		assertThat(this.runtime.diagnostics().snapshot().tasks().suspended()).isZero();
	}

	@Test
	void bodyYieldsToOthers() {
		List<String> order = new ArrayList<>();
		AtomicInteger polls = new AtomicInteger();
		JoinHandle<Integer> handle = this.runtime.spawn((task) -> {
			order.add("body");
			return (polls.incrementAndGet() < 3) ? Poll.yielded() : Poll.ready(polls.get());
		});
		this.runtime.spawn(() -> order.add("other"));
		this.still.drain();
		assertThat(handle.join()).isEqualTo(3);
		assertThat(order).containsExactly("body", "other", "body", "body");
	}

	@Test
	void bodyAwaitsAStage() {
		CompletableFuture<String> stage = new CompletableFuture<>();
		AtomicInteger polls = new AtomicInteger();
		JoinHandle<String> handle = this.runtime.spawn((task) -> {
			polls.incrementAndGet();
			return task.await(stage) ? Poll.ready(stage.join()) : Poll.suspended();
		});
		this.still.drain();
		assertThat(polls).hasValue(1);
		stage.complete("done");
		this.still.drain();
		assertThat(handle.join()).isEqualTo("done");
		assertThat(polls).hasValue(2);
	}

	@Test
	void bodyThatIsWokenInItsOwnPollIsPolledAgain() {
		AtomicInteger polls = new AtomicInteger();
		JoinHandle<String> handle = this.runtime.spawn((task) -> {
			if (polls.incrementAndGet() == 1) {
				task.wake();
				return Poll.suspended();
			}
			return Poll.ready("done");
		});
		this.still.drain();
		assertThat(handle.join()).isEqualTo("done");
	}

	@Test
	void budgetIsSpentByNumber() {
		AtomicInteger operations = new AtomicInteger();
		this.runtime.spawn((task) -> {
			while (task.proceed()) {
				operations.incrementAndGet();
			}
			return Poll.yielded();
		});
		this.still.poll(this.still.dequeue(), 5);
		assertThat(operations).hasValue(5);
		this.still.poll(this.still.dequeue(), 5);
		assertThat(operations).hasValue(10);
	}

	@Test
	void budgetIsSpentByTime() {
		AtomicInteger operations = new AtomicInteger();
		this.runtime.spawn((task) -> {
			while (task.proceed()) {
				operations.incrementAndGet();
				this.still.ticker.advance(Duration.ofMillis(1));
			}
			return Poll.yielded();
		});
		this.still.poll(this.still.dequeue(), 1_000_000);
		assertThat(operations).hasValueBetween(1, 16);
	}

	@Test
	void unconstrainedBodyHasNoBudget() {
		AtomicInteger operations = new AtomicInteger();
		this.runtime.spawn((task) -> {
			task.unconstrained();
			while (operations.get() < 1_000 && task.proceed()) {
				operations.incrementAndGet();
			}
			return Poll.yielded();
		});
		this.still.poll(this.still.dequeue(), 5);
		assertThat(operations).hasValue(1_000);
	}

	@Test
	void awaitOfCompleteStagesYieldsWhenTheBudgetIsSpent() {
		AtomicInteger awaited = new AtomicInteger();
		CompletableFuture<Integer> complete = CompletableFuture.completedFuture(1);
		JoinHandle<Integer> handle = this.runtime.spawn((task) -> {
			while (task.await(complete)) {
				awaited.incrementAndGet();
			}
			return Poll.suspended();
		});
		this.still.poll(this.still.dequeue(), 5);
		assertThat(awaited).hasValue(5);
		assertThat(handle.status()).isEqualTo(TaskStatus.RUNNABLE);
	}

	@Test
	void snapshotListsTasksByState() {
		this.runtime.spawnAsync("suspended", CompletableFuture::new);
		this.still.drain();
		this.runtime.spawn("queued", () -> 1);
		assertThat(this.runtime.diagnostics().tasks(10)).extracting(TaskSnapshot::name, TaskSnapshot::status)
			.containsExactly(tuple("queued", TaskStatus.RUNNABLE), tuple("suspended", TaskStatus.SUSPENDED));
		assertThat(this.runtime.diagnostics().tasks(1)).hasSize(1);
		assertThat(this.runtime.diagnostics().snapshot().tasks().live()).isEqualTo(2);
		this.still.drain();
		assertThat(this.runtime.diagnostics().tasks(10)).extracting(TaskSnapshot::name).containsExactly("suspended");
		assertThat(this.runtime.diagnostics().snapshot().tasks().spawned()).isEqualTo(2);
		assertThat(this.runtime.diagnostics().snapshot().tasks().live()).isOne();
	}

}
