package dev.loopline.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RuntimeLife}.
 */
class RuntimeLifeTests {

	private final TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(1)));

	@AfterEach
	void close() {
		this.runtime.close();
	}

	@Test
	void extensionIsTheSameForAllCallersOfALife() {
		RuntimeLife life = RuntimeLife.of(this.runtime);
		Recorder extension = life.extension(Recorder.class, Recorder::new);
		assertThat(extension.life).isSameAs(life);
		assertThat(life.runtime()).isSameAs(this.runtime);
		assertThat(RuntimeLife.of(this.runtime).extension(Recorder.class, Recorder::new)).isSameAs(extension);
	}

	@Test
	void extensionIsToldOnceWhenStrandsRefuseWork() {
		Recorder extension = RuntimeLife.of(this.runtime).extension(Recorder.class, Recorder::new);
		assertThat(extension.ends).isEmpty();
		Await.result(this.runtime.shutdown(Duration.ZERO, Duration.ZERO));
		Await.result(this.runtime.shutdown(Duration.ZERO, Duration.ZERO));
		assertThat(extension.ends).containsExactly(true);
	}

	@Test
	void nextLifeHasExtensionsAndStrandsOfItsOwn() {
		RuntimeLife former = RuntimeLife.of(this.runtime);
		Recorder extension = former.extension(Recorder.class, Recorder::new);
		Await.result(this.runtime.shutdown(Duration.ZERO, Duration.ZERO));
		this.runtime.restart();
		RuntimeLife life = RuntimeLife.of(this.runtime);
		assertThat(life.extension(Recorder.class, Recorder::new)).isNotSameAs(extension);
		CompletableFuture<Void> ran = new CompletableFuture<>();
		life.newStrand().execute(() -> ran.complete(null));
		Await.result(ran);
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> former.newStrand().execute(() -> {
		}));
	}

	@Test
	void extensionThatFailsKeepsNobodyFromTheEnd() {
		RuntimeLife life = RuntimeLife.of(this.runtime);
		life.extension(Failing.class, (own) -> new Failing());
		Recorder extension = life.extension(Recorder.class, Recorder::new);
		try (LogCapture log = new LogCapture(JoinHandle.class)) {
			Await.result(this.runtime.shutdown(Duration.ZERO, Duration.ZERO));
			assertThat(log.events()).hasSize(1);
		}
		assertThat(extension.ends).hasSize(1);
	}

	@Test
	void hooksDecorateWork() {
		List<String> events = new ArrayList<>();
		StillRuntime still = new StillRuntime(new Decorator(events, "inner"), new Decorator(events, "outer"));
		RuntimeLife.of(still.runtime).decorate(() -> events.add("work")).run();
		assertThat(events).containsExactly("outer", "inner", "work");
	}

	private record Decorator(List<String> events, String name) implements TaskHooks {

		@Override
		public TaskObserver onSpawn(JoinHandle<?> task) {
			throw new IllegalStateException("There is no task");
		}

		@Override
		public Runnable onSubmit(Runnable work) {
			return () -> {
				this.events.add(this.name);
				work.run();
			};
		}

	}

	private static final class Recorder implements RuntimeLife.Extension {

		private final RuntimeLife life;

		/** Whether a strand refused work then. */
		private final List<Boolean> ends = new ArrayList<>();

		Recorder(RuntimeLife life) {
			this.life = life;
		}

		@Override
		public void end() {
			try {
				this.life.newStrand().execute(() -> {
				});
				this.ends.add(false);
			}
			catch (RejectedExecutionException ex) {
				this.ends.add(true);
			}
		}

	}

	private static final class Failing implements RuntimeLife.Extension {

		@Override
		public void end() {
			throw new IllegalStateException("expected");
		}

	}

}
