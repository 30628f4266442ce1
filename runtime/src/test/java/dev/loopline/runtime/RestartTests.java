package dev.loopline.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.loopline.runtime.actor.ActorRef;
import dev.loopline.runtime.actor.ActorSnapshot;
import dev.loopline.runtime.actor.Actors;
import dev.loopline.runtime.internal.support.Stages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link TaskRuntime#restart()}.
 */
class RestartTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	private static final int SPAWNERS = 2;

	private static final int LIVES = 20;

	private final NamedThreads threads = new NamedThreads();

	private final AtomicBoolean refuseThreads = new AtomicBoolean();

	private final TaskRuntime runtime = TaskRuntime
		.start(TaskRuntimeConfig.of((builder) -> builder.workers(2).threadFactory(this::newThread)));

	@AfterEach
	void endEveryThread() {
		this.runtime.close();
		Await.until(() -> this.threads.alive().isEmpty());
	}

	@Test
	void runtimeThatHasEndedLivesAgain() {
		TaskRuntimeConfig config = this.runtime.config();
		for (int i = 0; i < 3; i++) {
			assertThat(this.runtime.restarts()).isEqualTo(i);
			this.runtime.close();
			Await.until(() -> this.threads.alive().isEmpty());
			this.runtime.restart();
			assertThat(this.runtime.isShuttingDown()).isFalse();
			assertThat(this.runtime.isShutdown()).isFalse();
			assertThat(this.runtime.termination().toCompletableFuture()).isNotDone();
			assertThat(this.runtime.diagnostics().snapshot().tasks().spawned()).isZero();
			assertThat(this.runtime.config()).isSameAs(config);
			assertThat(Await.<TaskRuntime>result(this.runtime.spawn(TaskRuntime::current))).isSameAs(this.runtime);
			CompletableFuture<TaskRuntime> inStrand = new CompletableFuture<>();
			this.runtime.newStrand().execute(() -> inStrand.complete(TaskRuntime.current()));
			assertThat(Await.result(inStrand)).isSameAs(this.runtime);
			assertThat(Await.result(this.runtime.spawnBlocking(() -> "blocking"))).isEqualTo("blocking");
			CountDownLatch due = new CountDownLatch(1);
			this.runtime.timers().schedule(due::countDown, 1, TimeUnit.MILLISECONDS);
			Await.open(due);
		}
	}

	@Test
	void runtimeThatHasNotEndedGoesOn() {
		assertThatIllegalStateException().isThrownBy(this.runtime::restart);
		CountDownLatch stuck = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		this.runtime.execute(() -> {
			stuck.countDown();
			Await.open(release);
		});
		Await.open(stuck);
		CompletionStage<Void> end = this.runtime.shutdown(Duration.ZERO, LONG);
		assertThatIllegalStateException().isThrownBy(this.runtime::restart);
		release.countDown();
		Await.result(end);
		this.runtime.restart();
		assertThat(Await.<String>result(this.runtime.spawn(() -> "again"))).isEqualTo("again");
	}

	@Test
	void nothingOfAFormerLifeComesBack() {
		CompletableFuture<Void> never = new CompletableFuture<>();
		Strand strand = this.runtime.newStrand();
		JoinHandle<Void> suspended = this.runtime.spawnAsync(() -> never);
		JoinHandle<Void> asleep = this.runtime.sleep(Duration.ofMillis(50));
		ConcurrentLinkedQueue<String> ran = new ConcurrentLinkedQueue<>();
		StrandTimer timer = this.runtime.timers().schedule(() -> ran.add("timer"), 50, TimeUnit.MILLISECONDS);
		Actors actors = Actors.of(this.runtime);
		ActorRef<String> actor = actors.spawn("actor", () -> (message, context) -> ran.add(message));
		CompletionStage<Void> end = this.runtime.shutdown(Duration.ZERO, Duration.ZERO);
		Await.result(end);
		this.runtime.restart();
		assertThat(Stages.isDone(suspended)).isTrue();
		assertThat(Stages.isDone(asleep)).isTrue();
		assertThat(end.toCompletableFuture()).isDone();
		ActorRef<String> namesake = actors.spawn("actor", () -> (message, context) -> ran.add("new " + message));
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> strand.execute(() -> {
		}));
		assertThat(actor.tell("late").toCompletableFuture()).isCompletedExceptionally();
		Await.result(actor.stop());
		assertThat(actors.snapshot()).extracting(ActorSnapshot::name).containsExactly("actor");
		Await.result(namesake.tell("message"));
		Await.result(this.runtime.sleep(Duration.ofMillis(100)));
		assertThat(timer.cancel()).isFalse();
		assertThat(ran).containsExactly("new message");
	}

	@Test
	void runtimeThatFailsToStartAgainStaysEnded() {
		this.runtime.close();
		this.refuseThreads.set(true);
		assertThatIllegalStateException().isThrownBy(this.runtime::restart).withMessageContaining("No thread");
		assertThat(this.runtime.isShutdown()).isTrue();
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> this.runtime.spawn(() -> ""));
		this.refuseThreads.set(false);
		this.runtime.restart();
		assertThat(Await.<String>result(this.runtime.spawn(() -> "again"))).isEqualTo("again");
	}

	/**
	 * Whatever is asked of the runtime while it ends and begins again either runs, is
	 * refused or is aborted.
	 */
	@Test
	@Timeout(60)
	void whatIsSpawnedMeanwhileIsNotLost() {
		AtomicBoolean over = new AtomicBoolean();
		List<CompletableFuture<List<CompletionStage<?>>>> spawners = new ArrayList<>();
		for (int i = 0; i < SPAWNERS; i++) {
			spawners.add(CompletableFuture.supplyAsync(() -> spawn(over)));
		}
		for (int i = 0; i < LIVES; i++) {
			Await.<String>result(this.runtime.spawn(() -> "lives"));
			Await.result(this.runtime.shutdown(Duration.ZERO, LONG));
			this.runtime.restart();
		}
		over.set(true);
		for (CompletableFuture<List<CompletionStage<?>>> spawner : spawners) {
			for (CompletionStage<?> spawned : Await.result(spawner)) {
				Await.until(() -> Stages.isDone(spawned));
			}
		}
		assertThat(this.runtime.diagnostics().snapshot().tasks().live()).isZero();
	}

	private List<CompletionStage<?>> spawn(AtomicBoolean over) {
		List<CompletionStage<?>> spawned = new ArrayList<>();
		for (int i = 0; !over.get(); i++) {
			try {
				spawned.add((i % 2 == 0) ? this.runtime.spawn(() -> "task") : this.runtime.sleep(Duration.ofMillis(1)));
				if (i % 1_000 == 0) {
					spawned.add(this.runtime.spawnBlocking(() -> "blocking"));
				}
			}
			catch (RejectedExecutionException ex) {
				Thread.yield();
			}
			if (spawned.size() > 10_000) {
				spawned.removeIf(Stages::isDone);
			}
		}
		return spawned;
	}

	private Thread newThread(Runnable loop) {
		if (this.refuseThreads.get()) {
			throw new IllegalStateException("No thread");
		}
		return this.threads.newThread(loop);
	}

}
