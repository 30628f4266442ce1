package dev.loopline.runtime.actor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.loopline.runtime.Await;
import dev.loopline.runtime.JoinHandle;
import dev.loopline.runtime.LogCapture;
import dev.loopline.runtime.StillRuntime;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link ActorRef}, one poll at a time.
 */
class ActorTests {

	private final StillRuntime still = new StillRuntime();

	private final TaskRuntime runtime = this.still.runtime;

	private final LogCapture log = new LogCapture(JoinHandle.class);

	private final List<String> handled = new ArrayList<>();

	@AfterEach
	void close() {
		this.log.close();
	}

	@Test
	void messagesAreHandledInOrder() {
		ActorRef<String> actor = spawn(ActorOptions.DEFAULTS);
		actor.tell("a");
		actor.tell("b");
		assertThat(actor.snapshot().mailboxDepth()).isEqualTo(2);
		this.still.drain();
		assertThat(this.handled).containsExactly("started", "a", "b");
		assertThat(actor.snapshot()).isEqualTo(new ActorSnapshot("echo", 0, 2, 0, 0, false));
		assertThat(Actors.of(this.runtime).snapshot()).containsExactly(actor.snapshot());
	}

	@Test
	void nameIsUniqueWhileTheActorLives() {
		ActorRef<String> actor = spawn(ActorOptions.DEFAULTS);
		assertThatIllegalStateException().isThrownBy(() -> spawn(ActorOptions.DEFAULTS));
		actor.stop();
		this.still.drain();
		assertThat(spawn(ActorOptions.DEFAULTS)).isNotNull();
	}

	@Test
	void capacityIsPositive() {
		assertThatIllegalArgumentException().isThrownBy(() -> ActorOptions.DEFAULTS.mailbox(0, MailboxPolicy.DROP));
	}

	@Test
	void backPressureHoldsTheSenderAndTheOrder() {
		ActorRef<String> actor = spawn(ActorOptions.DEFAULTS.mailbox(2, MailboxPolicy.BACK_PRESSURE));
		List<CompletableFuture<Void>> accepted = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			accepted.add(actor.tell("m" + i).toCompletableFuture());
		}
		assertThat(accepted).extracting(CompletableFuture::isDone).containsExactly(true, true, false, false, false);
		assertThat(actor.snapshot().mailboxDepth()).isEqualTo(5);
		this.still.pollNext(2);
		assertThat(accepted).extracting(CompletableFuture::isDone).containsExactly(true, true, true, false, false);
		this.still.drain();
		assertThat(accepted).allMatch(CompletableFuture::isDone);
		assertThat(this.handled).containsExactly("started", "m0", "m1", "m2", "m3", "m4");
	}

	@Test
	void fullMailboxDropsAndCounts() {
		ActorRef<String> actor = spawn(ActorOptions.DEFAULTS.mailbox(1, MailboxPolicy.DROP));
		actor.tell("a");
		assertThat(actor.tell("b").toCompletableFuture()).isCompleted();
		CompletableFuture<String> answer = actor.<String>ask((reply) -> "c", Duration.ofSeconds(1))
			.toCompletableFuture();
		assertThat(causeOf(answer)).isInstanceOf(MailboxFullException.class);
		this.still.drain();
		assertThat(this.handled).containsExactly("started", "a");
		assertThat(actor.snapshot().dropped()).isEqualTo(2);
	}

	@Test
	void fullMailboxFailsTheSender() {
		ActorRef<String> actor = spawn(ActorOptions.DEFAULTS.mailbox(1, MailboxPolicy.FAIL));
		actor.tell("a");
		assertThat(causeOf(actor.tell("b").toCompletableFuture())).isInstanceOf(MailboxFullException.class)
			.hasMessage("The mailbox of actor 'echo' is full with 1 messages");
	}

	@Test
	void askWaitsForTheAnswer() {
		ActorRef<CompletableFuture<Integer>> actor = Actors.of(this.runtime)
			.spawn("answer", () -> (reply, context) -> reply.complete(42));
		CompletableFuture<Integer> answer = actor.<Integer>ask((reply) -> reply, Duration.ofSeconds(1))
			.toCompletableFuture();
		assertThat(answer).isNotDone();
		this.still.drain();
		assertThat(answer).isCompletedWithValue(42);
	}

	@Test
	void askTimesOut() {
		ActorRef<CompletableFuture<Integer>> actor = Actors.of(this.runtime).spawn("mute", () -> (reply, context) -> {
		});
		CompletableFuture<Integer> answer = actor.<Integer>ask((reply) -> reply, Duration.ofMillis(10))
			.toCompletableFuture();
		this.still.drain();
		this.still.fireTimers();
		this.still.ticker.advance(Duration.ofMillis(11));
		this.still.fireTimers();
		this.still.drain();
		assertThat(causeOf(answer)).isInstanceOf(TimeoutException.class);
	}

	@Test
	void askOfAMessageThatFailsFailsWithTheCause() {
		ActorRef<CompletableFuture<Integer>> actor = Actors.of(this.runtime)
			.spawn("failing", () -> (reply, context) -> {
				throw new IllegalStateException("expected");
			});
		CompletableFuture<Integer> answer = actor.<Integer>ask((reply) -> reply, Duration.ofSeconds(1))
			.toCompletableFuture();
		this.still.drain();
		assertThat(causeOf(answer)).hasMessage("expected");
	}

	@Test
	void resumeKeepsTheInstance() {
		ActorRef<String> actor = spawn(ActorOptions.DEFAULTS.supervised(Supervision.RESUME));
		tellAll(actor, "a", "fail", "b");
		assertThat(this.handled).containsExactly("started", "a", "b");
		assertThat(actor.snapshot().failures()).isOne();
		assertThat(this.log.events()).hasSize(1);
	}

	@Test
	void restartMakesANewInstanceAndKeepsTheMailbox() {
		ActorRef<String> actor = spawn(ActorOptions.DEFAULTS.supervised(Supervision.RESTART));
		tellAll(actor, "a", "fail", "b");
		assertThat(this.handled).containsExactly("started", "a", "stopped", "started", "b");
	}

	@Test
	void stopDiscardsTheMailbox() {
		ActorRef<String> actor = spawn(ActorOptions.DEFAULTS.supervised(Supervision.STOP));
		tellAll(actor, "a", "fail", "b");
		assertThat(this.handled).containsExactly("started", "a", "stopped");
		assertThat(actor.termination().toCompletableFuture()).isCompleted();
		assertThat(Actors.of(this.runtime).snapshot()).isEmpty();
		assertThat(causeOf(actor.tell("c").toCompletableFuture())).isInstanceOf(ActorStoppedException.class);
	}

	@Test
	void stoppedActorHandlesWhatItHasAccepted() {
		ActorRef<String> actor = spawn(ActorOptions.DEFAULTS.mailbox(1, MailboxPolicy.BACK_PRESSURE));
		actor.tell("a");
		CompletableFuture<Void> outside = actor.tell("b").toCompletableFuture();
		CompletableFuture<Void> end = actor.stop().toCompletableFuture();
		assertThat(causeOf(outside)).isInstanceOf(ActorStoppedException.class);
		assertThat(end).isNotDone();
		this.still.drain();
		assertThat(end).isCompleted();
		assertThat(this.handled).containsExactly("started", "a", "stopped");
		assertThat(actor.stop().toCompletableFuture()).isCompleted();
	}

	@Test
	void actorThatCannotStartStops() {
		ActorRef<String> actor = Actors.of(this.runtime).spawn("broken", () -> {
			throw new IllegalStateException("expected");
		});
		CompletableFuture<String> answer = actor.<String>ask((reply) -> "a", Duration.ofSeconds(1))
			.toCompletableFuture();
		this.still.drain();
		assertThat(actor.termination().toCompletableFuture()).isCompleted();
		assertThat(causeOf(answer)).isInstanceOf(ActorStoppedException.class);
	}

	@Test
	void watcherIsTold() {
		ActorRef<String> watched = spawn(ActorOptions.DEFAULTS);
		List<String> told = new ArrayList<>();
		ActorRef<String> watcher = Actors.of(this.runtime).spawn("watcher", () -> (message, context) -> {
			if (message.equals("watch")) {
				context.watch(watched, ActorRef::name);
			}
			else {
				told.add(message);
			}
		});
		watcher.tell("watch");
		this.still.drain();
		watched.close();
		this.still.drain();
		assertThat(told).containsExactly("echo");
	}

	@Test
	void actorTellsItselfLaterAndPipes() {
		CompletableFuture<Integer> stage = new CompletableFuture<>();
		ActorRef<String> actor = Actors.of(this.runtime).spawn("self", () -> (message, context) -> {
			this.handled.add(message);
			if (message.equals("go")) {
				context.tellLater("later", Duration.ofMillis(5));
				context.pipe(stage, (value, failure) -> "piped " + value);
			}
		});
		actor.tell("go");
		this.still.drain();
		stage.complete(1);
		this.still.drain();
		this.still.fireTimers();
		this.still.ticker.advance(Duration.ofMillis(6));
		this.still.fireTimers();
		this.still.drain();
		assertThat(this.handled).containsExactly("go", "piped 1", "later");
	}

	@Test
	void hooksSeeActorsAndMessages() {
		List<String> events = new ArrayList<>();
		StillRuntime hooked = new StillRuntime(new ActorHooks() {

			@Override
			public Runnable onSubmit(Runnable work) {
				return () -> {
					events.add("before");
					work.run();
				};
			}

			@Override
			public void onActorStart(ActorRef<?> actor) {
				events.add("start " + actor.name());
			}

			@Override
			public void onActorStop(ActorRef<?> actor) {
				events.add("stop " + actor.name());
			}

		});
		ActorRef<String> actor = Actors.of(hooked.runtime)
			.spawn("hooked", () -> (message, context) -> events.add(message));
		actor.tell("a");
		actor.stop();
		hooked.drain();
		assertThat(events).containsExactly("start hooked", "before", "a", "stop hooked");
	}

	@Test
	void actorsEndWithTheRuntime() {
		TaskRuntime threaded = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(2)));
		ActorRef<String> actor = Actors.of(threaded).spawn("last", () -> (message, context) -> {
		});
		threaded.close();
		assertThat(actor.termination().toCompletableFuture()).isCompleted();
		assertThat(catchThrowable(() -> actor.tell("late").toCompletableFuture().join())).isNotNull();
	}

	@Test
	void noMessageIsLostBetweenManySendersAndTheStop() {
		TaskRuntime threaded = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(2)));
		try (threaded) {
			List<Integer> seen = new ArrayList<>();
			ActorRef<Integer> actor = Actors.of(threaded)
				.spawn("busy", () -> (message, context) -> seen.add(message),
						ActorOptions.DEFAULTS.mailbox(8, MailboxPolicy.BACK_PRESSURE));
			List<JoinHandle<Integer>> senders = new ArrayList<>();
			for (int s = 0; s < 4; s++) {
				senders.add(threaded.spawnAsync(() -> send(actor, 0, 1_000)));
			}
			int accepted = senders.stream().mapToInt(JoinHandle::join).sum();
			Await.result(actor.stop());
			assertThat(seen).hasSize(accepted).hasSize(4_000);
		}
	}

	private static CompletableFuture<Integer> send(ActorRef<Integer> actor, int sent, int total) {
		if (sent == total) {
			return CompletableFuture.completedFuture(sent);
		}
		return actor.tell(sent).thenComposeAsync((accepted) -> send(actor, sent + 1, total)).toCompletableFuture();
	}

	private ActorRef<String> spawn(ActorOptions options) {
		return Actors.of(this.runtime).spawn("echo", Echo::new, options);
	}

	private void tellAll(ActorRef<String> actor, String... messages) {
		for (String message : messages) {
			actor.tell(message);
		}
		this.still.drain();
	}

	private static Throwable causeOf(CompletableFuture<?> future) {
		Throwable thrown = catchThrowable(future::join);
		return (thrown instanceof CompletionException) ? thrown.getCause() : thrown;
	}

	private final class Echo implements Actor<String> {

		@Override
		public void started(ActorContext<String> context) {
			ActorTests.this.handled.add("started");
		}

		@Override
		public void receive(String message, ActorContext<String> context) {
			if (message.equals("fail")) {
				throw new IllegalStateException("expected");
			}
			ActorTests.this.handled.add(message);
		}

		@Override
		public void stopped() {
			ActorTests.this.handled.add("stopped");
		}

	}

}
