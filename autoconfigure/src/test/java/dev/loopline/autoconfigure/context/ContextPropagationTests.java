package dev.loopline.autoconfigure.context;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import io.micrometer.context.ContextRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;

import dev.loopline.autoconfigure.TaskRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.reactor.StrandScheduler;
import dev.loopline.runtime.JoinHandle;
import dev.loopline.runtime.Poll;
import dev.loopline.runtime.RuntimeThreads;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;
import dev.loopline.runtime.actor.ActorRef;
import dev.loopline.runtime.actor.Actors;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ContextPropagationAutoConfiguration}.
 */
class ContextPropagationTests {

	private static final String KEY = "loopline.test";

	private final ThreadLocal<String> context = new ThreadLocal<>();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(ContextPropagationAutoConfiguration.class, TaskRuntimeAutoConfiguration.class))
		.withPropertyValues("loopline.workers=2");

	@BeforeEach
	void register() {
		ContextRegistry.getInstance().registerThreadLocalAccessor(KEY, this.context);
	}

	@AfterEach
	void unregister() {
		Hooks.disableAutomaticContextPropagation();
		ContextRegistry.getInstance().removeThreadLocalAccessor(KEY);
		this.context.remove();
	}

	@Test
	void everyPollOfATaskHasTheContextOfItsSpawner() {
		run((runtime) -> {
			CompletableFuture<String> gate = new CompletableFuture<>();
			this.context.set("spawner");
			JoinHandle<String> called = runtime.spawn(this.context::get);
			JoinHandle<String> polled = runtime
				.spawn((task) -> task.await(gate) ? Poll.ready(this.context.get()) : Poll.suspended());
			this.context.set("other");
			assertThat(called.join()).isEqualTo("spawner");
			gate.complete("open");
			assertThat(polled.join()).isEqualTo("spawner");
		});
	}

	@Test
	void taskLeavesNoContextBehind() {
		run((runtime) -> {
			this.context.set("spawner");
			runtime.spawn(this.context::get).join();
			this.context.remove();
			for (int i = 0; i < 20; i++) {
				assertThat(runtime.spawn(() -> String.valueOf(this.context.get())).join()).isEqualTo("null");
			}
		});
	}

	@Test
	void contextHoldsAcrossStealing() {
		run((runtime) -> {
			for (int i = 0; i < 1_000; i++) {
				String expected = "request-" + i;
				this.context.set(expected);
				JoinHandle<JoinHandle<String>> outer = runtime.spawn(() -> runtime.spawn(this.context::get));
				this.context.remove();
				assertThat(outer.join().join()).isEqualTo(expected);
			}
		});
	}

	@Test
	void contextHoldsInTheSlowLane() {
		run((runtime) -> {
			List<String> seen = Collections.synchronizedList(new ArrayList<>());
			this.context.set("spawner");
			JoinHandle<Boolean> task = runtime.spawn((self) -> {
				seen.add(this.context.get());
				return (seen.size() == 1) ? loseWorker() : Poll.ready(RuntimeThreads.isWorker());
			});
			assertThat(task.join()).isFalse();
			assertThat(seen).containsExactly("spawner", "spawner");
		});
	}

	private static <T> Poll<T> loseWorker() throws Exception {
		return TaskRuntime.blockInPlace(() -> {
			while (RuntimeThreads.isWorker()) {
				LockSupport.parkNanos(100_000);
			}
			return Poll.yielded();
		});
	}

	@Test
	void messageHasTheContextOfItsSender() {
		run((runtime) -> {
			ActorRef<CompletableFuture<String>> actor = Actors.of(runtime)
				.spawn("actor", () -> (reply, self) -> reply.complete(this.context.get()));
			for (String sender : List.of("first", "second")) {
				this.context.set(sender);
				CompletionStage<String> answer = actor.ask((reply) -> reply, Duration.ofSeconds(20));
				this.context.remove();
				assertThat(answer.toCompletableFuture().join()).isEqualTo(sender);
			}
		});
	}

	@Test
	void blockingJobHasTheContextOfItsSubmitter() {
		run((runtime) -> {
			this.context.set("submitter");
			CompletableFuture<String> result = runtime.spawnBlocking(this.context::get).toCompletableFuture();
			assertThat(result.join()).isEqualTo("submitter");
		});
	}

	@Test
	void schedulerHonoursReactorsAutomaticContextPropagation() {
		Hooks.enableAutomaticContextPropagation();
		run((runtime) -> {
			StrandScheduler scheduler = StrandScheduler.of(runtime);
			String seen = Flux.just("ignored")
				.publishOn(scheduler)
				.flatMap((value) -> Mono.fromSupplier(this.context::get).subscribeOn(scheduler))
				.contextWrite((view) -> view.put(KEY, "reactor"))
				.blockLast(Duration.ofSeconds(20));
			assertThat(seen).isEqualTo("reactor");
		});
	}

	@Test
	void backsOffWithoutTheLibrary() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("io.micrometer.context"))
			.run((context) -> assertThat(context.getBean(TaskRuntimeConfig.class).taskHooks()).isEmpty());
	}

	private void run(Consumer<TaskRuntime> test) {
		this.contextRunner.run((context) -> {
			try (TaskRuntime runtime = TaskRuntime.start(context.getBean(TaskRuntimeConfig.class))) {
				test.accept(runtime);
			}
		});
	}

}
