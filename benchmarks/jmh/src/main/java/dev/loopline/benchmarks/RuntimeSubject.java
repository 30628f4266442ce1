package dev.loopline.benchmarks;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import dev.loopline.runtime.Poll;
import dev.loopline.runtime.TaskBody;
import dev.loopline.runtime.TaskContext;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;

/**
 * Tasks of the runtime, with their handles.
 */
final class RuntimeSubject implements Subject {

	final TaskRuntime runtime;

	RuntimeSubject(int workers) {
		this(workers, Duration.ZERO);
	}

	RuntimeSubject(int workers, Duration idleSpin) {
		this.runtime = TaskRuntime
			.start(TaskRuntimeConfig.of((builder) -> builder.workers(workers).idleSpin(idleSpin)));
	}

	@Override
	public void spawn(Runnable task) {
		this.runtime.spawn(() -> {
			task.run();
			return null;
		});
	}

	@Override
	public void spawnSteps(int steps, Runnable last) {
		this.runtime.spawn(new TaskBody<Void>() {

			private int left = steps;

			@Override
			public Poll<Void> poll(TaskContext task) {
				if (this.left-- > 0) {
					return Poll.yielded();
				}
				last.run();
				return Poll.ready(null);
			}

		});
	}

	@Override
	public void spawnAwaiting(Supplier<CompletableFuture<?>> body, Runnable last) {
		this.runtime.spawn(new TaskBody<Void>() {

			private CompletableFuture<?> awaited;

			@Override
			public Poll<Void> poll(TaskContext task) {
				if (this.awaited == null) {
					this.awaited = body.get();
				}
				if (!task.await(this.awaited)) {
					return Poll.suspended();
				}
				last.run();
				return Poll.ready(null);
			}

		});
	}

	@Override
	public void spawnAsking(int times, Supplier<CompletableFuture<?>> ask, Runnable last) {
		this.runtime.spawn(new TaskBody<Void>() {

			private int left = times;

			private CompletableFuture<?> answer;

			@Override
			public Poll<Void> poll(TaskContext task) {
				while (this.answer == null || task.await(this.answer)) {
					if (this.left-- == 0) {
						last.run();
						return Poll.ready(null);
					}
					this.answer = ask.get();
				}
				return Poll.suspended();
			}

		});
	}

	@Override
	public void close() {
		this.runtime.close();
	}

}
