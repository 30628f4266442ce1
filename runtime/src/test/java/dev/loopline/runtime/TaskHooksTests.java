package dev.loopline.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TaskHooks}.
 */
class TaskHooksTests {

	private final List<String> events = new ArrayList<>();

	@Test
	void observerIsToldOfEveryPollAndTheEnd() {
		StillRuntime still = new StillRuntime((task) -> new Recorder(task));
		CompletableFuture<String> stage = new CompletableFuture<>();
		JoinHandle<String> handle = still.runtime.spawnAsync("job", () -> stage);
		assertThat(this.events).containsExactly("spawn job");
		still.drain();
		stage.complete("done");
		still.drain();
		assertThat(this.events).containsExactly("spawn job", "before", "after", "before", "after", "end COMPLETE");
		assertThat(handle.join()).isEqualTo("done");
	}

	@Test
	void observerIsToldOfAnAbort() {
		StillRuntime still = new StillRuntime((task) -> new Recorder(task));
		still.runtime.spawn("job", () -> 1).abort();
		still.drain();
		assertThat(this.events).containsExactly("spawn job", "end CANCELLED");
	}

	@Test
	void hookMayTakeNoInterest() {
		StillRuntime still = new StillRuntime((task) -> null);
		JoinHandle<Integer> handle = still.runtime.spawn(() -> 1);
		still.drain();
		assertThat(handle.join()).isOne();
	}

	@Test
	void hooksThatThrowAreLoggedAndHarmNobody() {
		try (LogCapture log = new LogCapture(JoinHandle.class)) {
			StillRuntime still = new StillRuntime((task) -> {
				throw new IllegalStateException("spawn");
			}, (task) -> new TaskObserver() {

				@Override
				public void beforePoll() {
					throw new IllegalStateException("poll");
				}

			}, (task) -> new Recorder(task));
			JoinHandle<Integer> handle = still.runtime.spawn("job", () -> 1);
			still.drain();
			assertThat(handle.join()).isOne();
			assertThat(log.events()).hasSize(2);
			assertThat(this.events).containsExactly("spawn job", "before", "after", "end COMPLETE");
		}
	}

	@Test
	void observersAreLeftInReverseOrder() {
		StillRuntime still = new StillRuntime((task) -> new Nested("outer"), (task) -> new Nested("inner"));
		still.runtime.spawn(() -> 1);
		still.drain();
		assertThat(this.events).containsExactly("enter outer", "enter inner", "leave inner", "leave outer");
	}

	@Test
	void observerIsToldOfAFailure() {
		IllegalStateException failure = new IllegalStateException("expected");
		StillRuntime still = new StillRuntime((task) -> new TaskObserver() {

			@Override
			public void onFailure(Throwable cause) {
				TaskHooksTests.this.events.add(cause.getMessage());
			}

			@Override
			public void onTerminate() {
				TaskHooksTests.this.events.add("end");
			}

		});
		still.runtime.spawn(() -> {
			throw failure;
		});
		still.drain();
		assertThat(this.events).containsExactly("expected", "end");
	}

	@Test
	void observerIsToldOfStallsBeforeTheEnd() {
		List<Stall> stalls = new ArrayList<>();
		StillRuntime still = new StillRuntime((task) -> new TaskObserver() {

			@Override
			public void onStall(Stall stall) {
				stalls.add(stall);
			}

			@Override
			public void onTerminate() {
				TaskHooksTests.this.events.add("end after %d stalls".formatted(stalls.size()));
			}

		});
		still.runtime.spawn("job", () -> 1);
		Work task = still.dequeue();
		still.runtime.diagnostics()
			.stalls()
			.open(Stall.Kind.BLOCKING, Thread.currentThread(), task, () -> true, 0, 0)
			.end(7);
		still.runtime.diagnostics().stalls().open(Stall.Kind.BURNING, Thread.currentThread(), task, () -> true, 0, 0);
		still.poll(task, 1);
		assertThat(this.events).containsExactly("end after 2 stalls");
		assertThat(stalls).extracting(Stall::kind).containsExactly(Stall.Kind.BLOCKING, Stall.Kind.BURNING);
		assertThat(stalls).extracting((stall) -> stall.work().task()).containsOnly("job");
		assertThat(stalls).extracting(Stall::running).containsExactly(false, true);
	}

	@Test
	void blockingJobIsDecoratedInsideOfWhatIsSubmitted() {
		try (TaskRuntime runtime = TaskRuntime
			.start(TaskRuntimeConfig.of((builder) -> builder.taskHooks(new TaskHooks() {

				@Override
				public @Nullable TaskObserver onSpawn(JoinHandle<?> task) {
					return null;
				}

				@Override
				public Runnable onSubmit(Runnable work) {
					return () -> {
						TaskHooksTests.this.events.add("submitted");
						work.run();
					};
				}

				@Override
				public <T> Callable<T> onSpawnBlocking(Callable<T> job) {
					return () -> {
						TaskHooksTests.this.events.add("blocking");
						return job.call();
					};
				}

			})))) {
			assertThat(runtime.spawnBlocking(() -> 42).toCompletableFuture().join()).isEqualTo(42);
		}
		assertThat(this.events).containsExactly("submitted", "blocking");
	}

	private final class Nested implements TaskObserver {

		private final String name;

		Nested(String name) {
			this.name = name;
		}

		@Override
		public void beforePoll() {
			TaskHooksTests.this.events.add("enter " + this.name);
		}

		@Override
		public void afterPoll() {
			TaskHooksTests.this.events.add("leave " + this.name);
		}

	}

	private final class Recorder implements TaskObserver {

		private final JoinHandle<?> task;

		Recorder(JoinHandle<?> task) {
			this.task = task;
			TaskHooksTests.this.events.add("spawn " + task.name());
		}

		@Override
		public void beforePoll() {
			TaskHooksTests.this.events.add("before");
		}

		@Override
		public void afterPoll() {
			TaskHooksTests.this.events.add("after");
		}

		@Override
		public void onTerminate() {
			assertThat(this.task.isFinished()).isTrue();
			TaskHooksTests.this.events.add("end " + this.task.status());
		}

	}

}
