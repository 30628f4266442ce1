package dev.loopline.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.loopline.runtime.actor.Actor;
import dev.loopline.runtime.actor.ActorContext;
import dev.loopline.runtime.actor.ActorRef;
import dev.loopline.runtime.actor.Actors;
import dev.loopline.runtime.io.IoReadiness;
import dev.loopline.runtime.stall.Stall;
import dev.loopline.runtime.stall.WorkDescription;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where code of others is called.
 */
enum ThrowingPlace {

	TASK {
		@Override
		void run(ThrowableTests test, TaskRuntime runtime, Thrower thrower) {
			ThrowableTests.assertFailed(runtime.spawn("job", thrower::call), thrower.thrown);
		}
	},

	TASK_THAT_NOBODY_LOOKS_AT {
		@Override
		void run(ThrowableTests test, TaskRuntime runtime, Thrower thrower) {
			runtime.spawn("job", thrower::call);
			test.awaitLine(test.tasks, "'job' failed and nobody looked at its outcome");
		}
	},

	TASK_BODY {
		@Override
		void run(ThrowableTests test, TaskRuntime runtime, Thrower thrower) {
			ThrowableTests.assertFailed(runtime.spawn("job", (context) -> Poll.ready(thrower.call())), thrower.thrown);
		}
	},

	STAGE_SUPPLIER {
		@Override
		void run(ThrowableTests test, TaskRuntime runtime, Thrower thrower) {
			ThrowableTests.assertFailed(runtime.spawnAsync("job", () -> {
				thrower.run();
				return new CompletableFuture<>();
			}), thrower.thrown);
		}
	},

	STAGE {
		@Override
		void run(ThrowableTests test, TaskRuntime runtime, Thrower thrower) {
			JoinHandle<Object> task = runtime.spawnAsync("job", () -> CompletableFuture.failedStage(thrower.thrown));
			Await.until(task::isFinished);
			ThrowableTests.assertCallbackFailed(task, thrower.thrown);
		}
	},

	CALLBACK_OF_A_TASK {
		@Override
		void run(ThrowableTests test, TaskRuntime runtime, Thrower thrower) {
			CountDownLatch others = new CountDownLatch(2);
			JoinHandle<Integer> task = Await.result(runtime.spawn(() -> {
				JoinHandle<Integer> inner = runtime.spawn("job", () -> 1);
				inner.thenRun(others::countDown);
				assertThat(inner.thenRun(thrower)).isNotNull();
				inner.thenRun(others::countDown);
				return inner;
			}));
			Await.open(others);
			assertThat(task.join()).isOne();
		}
	},

	JOB {
		@Override
		void run(ThrowableTests test, TaskRuntime runtime, Thrower thrower) {
			runtime.execute(thrower);
			test.awaitLine(test.tasks, "A job threw an exception: the thrower");
		}
	},

	BLOCKING_JOB {
		@Override
		void run(ThrowableTests test, TaskRuntime runtime, Thrower thrower) {
			ThrowableTests.assertFailed(runtime.spawnBlocking(thrower::call), thrower.thrown);
		}
	},

	BLOCKING_JOB_THAT_NOBODY_LOOKS_AT {
		@Override
		void run(ThrowableTests test, TaskRuntime runtime, Thrower thrower) {
			runtime.spawnBlocking(thrower::call);
			test.awaitLine(test.tasks, "Blocking job " + ThrowingPlace.class.getName());
		}
	},

	STRAND {
		@Override
		void run(ThrowableTests test, TaskRuntime runtime, Thrower thrower) {
			Strand strand = runtime.newStrand();
			CountDownLatch next = new CountDownLatch(1);
			strand.execute(thrower);
			strand.execute(next::countDown);
			Await.open(next);
			test.awaitLine(test.strands, "A task threw an exception: the thrower");
		}
	},

	READINESS {
		@Override
		void run(ThrowableTests test, TaskRuntime runtime, Thrower thrower) {
			Strand strand = runtime.newStrand();
			CountDownLatch served = new CountDownLatch(1);
			strand.ready(new IoReadiness() {

				@Override
				public void serve() {
					strand.execute(served::countDown);
					thrower.run();
				}

			});
			Await.open(served);
			test.awaitLine(test.strands, "An I/O handler threw an exception");
		}
	},

	TIMER {
		@Override
		void run(ThrowableTests test, TaskRuntime runtime, Thrower thrower) {
			CountDownLatch next = new CountDownLatch(1);
			runtime.timers().schedule(thrower, 1, TimeUnit.MILLISECONDS);
			runtime.newStrand().schedule(thrower, 1, TimeUnit.MILLISECONDS);
			runtime.timers().schedule(next::countDown, 1, TimeUnit.MILLISECONDS);
			Await.open(next);
			test.awaitLine(test.tasks, "A job threw an exception: the thrower");
			test.awaitLine(test.strands, "A task threw an exception: the thrower");
		}
	},

	TICK {
		@Override
		void run(ThrowableTests test, TaskRuntime runtime, Thrower thrower) {
			Interval interval = runtime.timers().interval(Duration.ofMillis(1), MissedTicks.DELAY);
			try {
				ThrowableTests.assertCallbackFailed(interval.tick().thenRun(thrower), thrower.thrown);
			}
			catch (IllegalStateException ex) {
				// The tick came first: the callback ran here, and the JDK asked for its
				// text
				assertThat(thrower.thrown).isInstanceOf(Thrower.Speechless.class);
			}
			Await.until(() -> runtime.diagnostics().snapshot().tasks().live() == 0);
			assertThat(Await.<Long>result(interval.tick())).isOne();
		}
	},

	MESSAGE {
		@Override
		void run(ThrowableTests test, TaskRuntime runtime, Thrower thrower) {
			ActorRef<CompletableFuture<String>> actor = Actors.of(runtime).spawn("actor", () -> (answer, context) -> {
				if (thrower.isFirst()) {
					thrower.run();
				}
				answer.complete("answer");
			});
			ThrowableTests.assertFailed(actor.<String>ask((answer) -> answer, Duration.ofSeconds(20)), thrower.thrown);
			assertThat(Await.<String>result(actor.<String>ask((answer) -> answer, Duration.ofSeconds(20))))
				.isEqualTo("answer");
			Await.result(actor.stop());
			test.awaitLine(test.tasks, "Actor 'actor' failed to handle a message");
		}
	},

	ACTOR_START {
		@Override
		void run(ThrowableTests test, TaskRuntime runtime, Thrower thrower) {
			ActorRef<String> actor = Actors.of(runtime).spawn("actor", () -> {
				thrower.run();
				return (message, context) -> {
				};
			});
			Await.result(actor.termination());
			assertThat(Actors.of(runtime).snapshot()).isEmpty();
			test.awaitLine(test.tasks, "Actor 'actor' failed to start and stops");
		}
	},

	ACTOR_STOP {
		@Override
		void run(ThrowableTests test, TaskRuntime runtime, Thrower thrower) {
			ActorRef<String> actor = Actors.of(runtime).spawn("actor", () -> new Actor<>() {

				@Override
				public void receive(String message, ActorContext<String> context) {
				}

				@Override
				public void stopped() {
					thrower.run();
				}

			});
			Await.result(actor.stop());
			assertThat(Actors.of(runtime).snapshot()).isEmpty();
			test.awaitLine(test.tasks, "Actor 'actor' failed to stop in order");
		}
	},

	PIPED_MESSAGE {
		@Override
		void run(ThrowableTests test, TaskRuntime runtime, Thrower thrower) {
			CompletableFuture<String> handled = new CompletableFuture<>();
			ActorRef<String> actor = Actors.of(runtime).spawn("actor", () -> (message, context) -> {
				context.pipe(CompletableFuture.completedStage(""), (value, failure) -> {
					thrower.run();
					return "";
				});
				handled.complete(message);
			});
			actor.tell("message");
			assertThat(Await.<String>result(handled)).isEqualTo("message");
			test.awaitLine(test.tasks, "Actor 'actor' failed to make a message");
			Await.result(actor.stop());
		}
	},

	HOOK_AT_SPAWN {
		@Override
		void configure(TaskRuntimeConfigBuilder builder, Thrower thrower) {
			builder.taskHooks((task) -> {
				thrower.run();
				return null;
			});
		}

		@Override
		void run(ThrowableTests test, TaskRuntime runtime, Thrower thrower) {
			assertThat(Await.<Integer>result(runtime.spawn(() -> 1))).isOne();
			test.awaitLine(test.tasks, "A hook threw an exception");
		}
	},

	HOOK_AT_EVERYTHING_ELSE {
		@Override
		void configure(TaskRuntimeConfigBuilder builder, Thrower thrower) {
			builder.taskHooks(new ThrowingHooks(thrower));
		}

		@Override
		void run(ThrowableTests test, TaskRuntime runtime, Thrower thrower) {
			assertThat(Await.<Integer>result(ThrowableTests.echo(runtime, "actor"))).isEqualTo(3);
			Await.until(() -> Actors.of(runtime).snapshot().isEmpty());
			assertThat(Await.<Integer>result(runtime.spawnBlocking(() -> 1))).isOne();
			test.awaitLine(test.tasks, "A hook threw an exception");
		}
	},

	OBSERVER {
		@Override
		void configure(TaskRuntimeConfigBuilder builder, Thrower thrower) {
			builder.taskHooks((task) -> new ThrowingHooks.Observer(thrower));
		}

		@Override
		void run(ThrowableTests test, TaskRuntime runtime, Thrower thrower) {
			assertThat(Await.<Integer>result(runtime.spawn(() -> 1))).isOne();
			ThrowableTests.assertFailed(runtime.spawn(thrower::call), thrower.thrown);
			test.awaitLine(test.tasks, "A hook threw an exception");
		}
	},

	WRAPPER_OF_A_HOOK {
		@Override
		void configure(TaskRuntimeConfigBuilder builder, Thrower thrower) {
			builder.taskHooks(new ThrowingHooks.Wrapping(thrower));
		}

		@Override
		void run(ThrowableTests test, TaskRuntime runtime, Thrower thrower) {
			ThrowableTests.assertFailed(runtime.spawnBlocking(() -> 1), thrower.thrown);
			ThrowableTests.assertFailed(ThrowableTests.echo(runtime, "actor"), thrower.thrown);
			thrower.stop();
			Await.until(() -> Actors.of(runtime).snapshot().isEmpty());
		}
	},

	STALL_LISTENER {
		@Override
		void configure(TaskRuntimeConfigBuilder builder, Thrower thrower) {
			builder.stallListeners(List.of((stall) -> thrower.run(), thrower));
		}

		@Override
		void run(ThrowableTests test, TaskRuntime runtime, Thrower thrower) {
			runtime.scheduler().stalls().reporter().report(STALL, 0);
			Await.until(() -> thrower.stalls.contains(STALL));
			test.awaitLine(test.stalls, "A stall listener threw an exception");
		}
	},

	STALL_LISTENERS {
		@Override
		void configure(TaskRuntimeConfigBuilder builder, Thrower thrower) {
			builder.stallListeners(() -> {
				thrower.run();
				return Collections.emptyIterator();
			});
		}

		@Override
		void run(ThrowableTests test, TaskRuntime runtime, Thrower thrower) {
			runtime.scheduler().stalls().reporter().report(STALL, 0);
			test.awaitLine(test.stalls, "A stall was not told to all listeners");
		}
	},

	CONTEXT_AND_LABEL {
		@Override
		void run(ThrowableTests test, TaskRuntime runtime, Thrower thrower) {
			Strand strand = runtime.newStrand();
			strand.setContext(() -> {
				thrower.run();
				return WorkDescription.UNKNOWN;
			});
			Object label = new Object() {

				@Override
				public String toString() {
					thrower.run();
					return "";
				}

			};
			strand.enlist(StrandKind.OTHER, label);
			StrandSnapshot snapshot = runtime.diagnostics().strands().toList().get(0);
			assertThat(snapshot.work()).isNull();
			assertThat(snapshot.name()).isEqualTo(label.getClass().getName());
			strand.delist(label);
		}
	},

	CANCELLATION {
		@Override
		void run(ThrowableTests test, TaskRuntime runtime, Thrower thrower) {
			CancellationToken token = new CancellationToken();
			CancellationToken child = token.child();
			JoinHandle<Object> task = token.guard(runtime.spawnAsync(CompletableFuture::new));
			assertThat(token.cancelled().thenRun(thrower)).isNotNull();
			token.cancel();
			assertThat(child.isCancelled()).isTrue();
			Await.until(task::isFinished);
		}
	},

	JOIN_SET {
		@Override
		void run(ThrowableTests test, TaskRuntime runtime, Thrower thrower) {
			JoinSet<String> set = new JoinSet<>(runtime);
			CompletionStage<?> first = set.next();
			assertThat(first.toCompletableFuture()).isDone();
			set.spawn(thrower::call);
			ThrowableTests.assertFailed(set.next().thenCompose((task) -> task), thrower.thrown);
			CountDownLatch gate = new CountDownLatch(1);
			set.spawn(() -> {
				gate.await();
				return "";
			});
			set.add(runtime.spawn(() -> ""));
			assertThat(set.next().thenRun(thrower)).isNotNull();
			CompletionStage<?> last = set.next();
			gate.countDown();
			Await.result(last);
			Await.until(() -> set.size() == 0);
		}
	},

	FUTURE_AT_THE_END {
		@Override
		void run(ThrowableTests test, TaskRuntime runtime, Thrower thrower) {
			TaskRuntime ending = TaskRuntime.start(TaskRuntimeConfig.defaults());
			CompletableFuture<String> other = new CompletableFuture<>();
			ending.timers().schedule(thrower.future(), 1, TimeUnit.DAYS);
			ending.timers().schedule(new Thrower.TimerFuture(other), 1, TimeUnit.DAYS);
			ending.close();
			assertThat(other).isCancelled();
			test.awaitLine(test.tasks, "failed to be cancelled");
		}
	};

	private static final Stall STALL = new Stall(Stall.Kind.BLOCKING, "thread", WorkDescription.UNKNOWN, Instant.EPOCH,
			Duration.ofMillis(1), false, null, List.of());

	void configure(TaskRuntimeConfigBuilder builder, Thrower thrower) {
	}

	abstract void run(ThrowableTests test, TaskRuntime runtime, Thrower thrower);

}
