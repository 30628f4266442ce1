package dev.loopline.runtime;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import dev.loopline.runtime.actor.ActorRef;
import dev.loopline.runtime.actor.Actors;
import dev.loopline.runtime.internal.stall.StallReporter;
import dev.loopline.runtime.internal.thread.BlockingPool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests that whatever code of others throws ends what it was called for, and nothing
 * else.
 */
class ThrowableTests {

	final LogCapture tasks = new LogCapture(JoinHandle.class);

	final LogCapture strands = new LogCapture(Strand.class);

	final LogCapture stalls = new LogCapture(StallReporter.class);

	private final LogCapture pool = new LogCapture(BlockingPool.class);

	private final LogCapture loops = new LogCapture(WorkerThread.class);

	private @Nullable TaskRuntime runtime;

	@AfterEach
	void end() {
		if (this.runtime != null) {
			this.runtime.close();
		}
		Stream.of(this.tasks, this.strands, this.stalls, this.pool, this.loops).forEach(LogCapture::close);
	}

	@ParameterizedTest
	@MethodSource("placesAndThrowables")
	void onlyWhatThrowsEnds(ThrowingPlace place, Throwable thrown) throws Exception {
		Thrower thrower = new Thrower(thrown);
		TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> {
			builder.workers(1).blockingThreads(1);
			place.configure(builder, thrower);
		}));
		this.runtime = runtime;
		place.run(this, runtime, thrower);
		assertThat(Await.<Integer>result(runtime.spawn(() -> 1))).isOne();
		assertThat(Await.<Integer>result(runtime.spawnBlocking(() -> 2))).isEqualTo(2);
		assertThat(Await.<Integer>result(echo(runtime, "after"))).isEqualTo(3);
		Await.until(() -> runtime.diagnostics().snapshot().tasks().live() == 0);
		assertThat(this.loops.messages()).isEmpty();
		assertThat(this.pool.messages()).isEmpty();
	}

	static Stream<Arguments> placesAndThrowables() {
		List<Throwable> throwables = List.of(new StackOverflowError("expected"), new OutOfMemoryError("expected"),
				new NoClassDefFoundError("expected"), threadDeath(), new InternalError("expected"),
				new AssertionError("expected"), new Thrower.Speechless(), new IOException("expected"),
				new IllegalStateException("expected"), new CompletionException(null));
		return Stream.of(ThrowingPlace.values())
			.flatMap((place) -> throwables.stream()
				.map((thrown) -> Arguments.argumentSet(place + " " + thrown.getClass().getSimpleName(), place,
						thrown)));
	}

	@SuppressWarnings("removal")
	private static Throwable threadDeath() {
		return new ThreadDeath();
	}

	static CompletionStage<Integer> echo(TaskRuntime runtime, String actor) {
		ActorRef<CompletableFuture<Integer>> ref = Actors.of(runtime)
			.spawn(actor, () -> (answer, context) -> answer.complete(3));
		return ref.<Integer>ask((answer) -> answer, Duration.ofSeconds(20))
			.whenComplete((value, failure) -> ref.stop());
	}

	void awaitLine(LogCapture log, String part) {
		Await.until(() -> log.messages().stream().anyMatch((line) -> line.contains(part)));
	}

	/**
	 * A future of the JDK cannot keep what cannot say what it is, and never completes.
	 */
	static void assertCallbackFailed(CompletionStage<?> stage, Throwable thrown) {
		if (!(thrown instanceof Thrower.Speechless)) {
			assertFailed(stage, thrown);
		}
	}

	static void assertFailed(CompletionStage<?> stage, Throwable thrown) {
		CompletableFuture<?> future = stage.toCompletableFuture();
		Await.until(future::isDone);
		Throwable failure = catchThrowable(future::join);
		assertThat(Stream.iterate(failure, (cause) -> cause != null, Throwable::getCause))
			.anyMatch((cause) -> cause == thrown);
	}

}
