package dev.loopline.test;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

import dev.loopline.autoconfigure.TaskRuntimeConfigCustomizer;
import dev.loopline.autoconfigure.reactor.Cooperation;
import dev.loopline.autoconfigure.reactor.StrandScheduler;
import dev.loopline.runtime.CancellationToken;
import dev.loopline.runtime.Interval;
import dev.loopline.runtime.JoinHandle;
import dev.loopline.runtime.JoinSet;
import dev.loopline.runtime.MissedTicks;
import dev.loopline.runtime.Poll;
import dev.loopline.runtime.Priority;
import dev.loopline.runtime.Strand;
import dev.loopline.runtime.TaskObserver;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;
import dev.loopline.runtime.TaskTracker;
import dev.loopline.runtime.actor.ActorOptions;
import dev.loopline.runtime.actor.ActorRef;
import dev.loopline.runtime.actor.Actors;
import dev.loopline.runtime.actor.MailboxPolicy;
import dev.loopline.runtime.actor.Supervision;

/**
 * The examples of docs/tasks.md, between the marks.
 */
final class TasksPageExamples {

	private TasksPageExamples() {
	}

	static void tasks(TaskRuntime runtime) {
		// page tasks
		JoinHandle<Integer> task = runtime.spawn("count", () -> 20 + 22);
		JoinHandle<String> async = runtime
			.spawnAsync(() -> runtime.sleep(Duration.ofMillis(5)).thenApply((v) -> "woken"));
		JoinHandle<Long> steps = runtime.spawn((self) -> self.proceed() ? Poll.ready(1L) : Poll.yielded());
		CompletionStage<String> inTime = runtime.timeout(async, Duration.ofSeconds(1));
		// Cancelling it aborts the task
		Mono<Integer> mono = Mono.fromCompletionStage(task);
		JoinHandle<String> publisher = runtime.spawnAsync(Mono.just("published")::toFuture);
		JoinHandle<Integer> blocking = runtime.spawnBlocking("answer", () -> 42);
		boolean aborted = steps.abort();
		// page end
		task.join();
		inTime.toCompletableFuture().join();
		mono.block();
		publisher.join();
		blocking.toCompletableFuture().join();
		assert aborted || steps.isFinished();
	}

	static void structure(TaskRuntime runtime) {
		// page structure
		try (JoinSet<Integer> set = new JoinSet<>(runtime)) { // aborts what still runs
			set.spawn(() -> 1);
			set.spawn(() -> 2);
			for (JoinHandle<Integer> next = set.joinNext(); next != null; next = set.joinNext()) {
				System.out.println(next.join());
			}
		}
		CancellationToken token = new CancellationToken();
		TaskTracker tracker = new TaskTracker();
		tracker.track(token.guard(runtime.sleep(Duration.ofDays(1))));
		token.cancel();
		tracker.close();
		tracker.await().thenRun(() -> System.out.println("all ended"));
		// page end
		tracker.await().toCompletableFuture().join();
	}

	static void time(TaskRuntime runtime) {
		// page time
		Interval interval = runtime.timers().interval(Duration.ofMillis(10), MissedTicks.SKIP);
		CompletionStage<Long> tick = interval.tick();
		CompletionStage<Void> others = runtime.yieldNow();
		// page end
		tick.thenCombine(others, (number, v) -> number).toCompletableFuture().join();
	}

	static void sharing(TaskRuntime runtime) {
		// page sharing
		Strand reports = runtime.newStrand();
		reports.setPriority(Priority.BACKGROUND); // goes last
		reports.execute(() -> System.out.println("when there is time"));
		JoinHandle<Integer> brief = runtime.spawn((self) -> {
			self.unconstrained(); // others rely on it to return soon
			return Poll.ready(1);
		});
		TaskRuntimeConfigCustomizer hooks = (config) -> config.taskHooks((task) -> new TaskObserver() {

			@Override
			public void onTerminate() {
				System.out.println(task + " ended");
			}

		});
		// page end
		brief.join();
		try (TaskRuntime hooked = TaskRuntime.start(TaskRuntimeConfig.of(hooks::customize))) {
			hooked.spawn(() -> 1).join();
		}
	}

	static void actors(TaskRuntime runtime) {
		// page actors
		record Add(int amount, CompletableFuture<Integer> answer) {
		}
		int[] total = new int[1];
		ActorRef<Add> counter = Actors.of(runtime).spawn("counter", () -> (message, context) -> {
			total[0] += message.amount();
			message.answer().complete(total[0]);
		}, ActorOptions.DEFAULTS.mailbox(100, MailboxPolicy.BACK_PRESSURE).supervised(Supervision.RESTART));
		CompletionStage<Integer> answer = counter.ask((reply) -> new Add(1, reply), Duration.ofSeconds(1));
		CompletionStage<Void> stopped = counter.stop();
		// page end
		answer.toCompletableFuture().join();
		stopped.toCompletableFuture().join();
	}

	static void reactor(TaskRuntime runtime) {
		// page reactor
		Scheduler scheduler = StrandScheduler.of(runtime); // or inject the Scheduler bean
		Mono<String> hello = Mono.fromSupplier(() -> "Hello").subscribeOn(scheduler);
		// Lets others run between two batches
		Flux<Integer> polite = Flux.range(0, 1_000_000).transform(Cooperation.on(scheduler));
		// page end
		hello.block();
		polite.blockLast();
	}

	static void testing() {
		// page testing
		try (PausedRuntime paused = PausedRuntime.start((config) -> config.workers(2))) {
			paused.await(paused.runtime().sleep(Duration.ofDays(365))); // takes no time
		}
		Interleavings.explore(1_000, (stepped) -> {
			JoinHandle<Integer> task = stepped.runtime().spawn(() -> 42);
			assert stepped.await(task) == 42; // a failure names the seed
		});
		// page end
	}

}
