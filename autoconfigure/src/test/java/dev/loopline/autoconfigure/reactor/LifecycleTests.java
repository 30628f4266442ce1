package dev.loopline.autoconfigure.reactor;

import java.io.File;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

import dev.loopline.autoconfigure.TaskRuntimeLifecycle;
import dev.loopline.autoconfigure.support.RuntimeThreads;
import dev.loopline.autoconfigure.support.TestServer;
import dev.loopline.runtime.TaskRuntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the life of the runtime, which is that of the application context.
 */
class LifecycleTests {

	@Test
	void closingEndsAllThreads() {
		TestServer server = TestServer.start(App.class);
		assertThat(server.get("/hello").body()).isEqualTo("Hello");
		assertThat(server.threads().alive()).isNotEmpty();
		server.close();
		server.threads().awaitNone();
	}

	@Test
	void closingEndsAllThreadsWithClientStillConnected() {
		TestServer server = TestServer.start(App.class);
		for (int i = 0; i < 10; i++) {
			assertThat(server.get("/hello").body()).isEqualTo("Hello");
		}
		int port = server.port();
		server.close();
		server.threads().awaitNone();
		assertThat(TestServer.acceptsConnections(port)).isFalse();
	}

	@Test
	void startingAgainAfterStopServesOnTheSameRuntimeInANewLife() {
		try (TestServer server = TestServer.start(App.class)) {
			TaskRuntime runtime = server.context().getBean(TaskRuntime.class);
			Scheduler single = new StrandScheduler(() -> runtime, "single", StrandScheduler.Kind.SINGLE);
			assertThat(call(single)).isEqualTo("called");
			assertThat(server.get("/hello").body()).isEqualTo("Hello");
			server.context().stop();
			server.threads().awaitNone();
			assertThat(runtime.isShutdown()).isTrue();
			assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> runtime.spawn(() -> "late"));
			server.context().start();
			assertThat(server.context().getBean(TaskRuntime.class)).isSameAs(runtime);
			assertThat(runtime.spawn(() -> "again").join()).isEqualTo("again");
			assertThat(call(single)).isEqualTo("called");
			assertThat(call(server.context().getBean(Scheduler.class))).isEqualTo("called");
			assertThat(server.get("/hello").body()).isEqualTo("Hello");
			assertThat(server.threads().alive()).isNotEmpty();
			server.close();
			server.threads().awaitNone();
		}
	}

	private static @Nullable String call(Scheduler scheduler) {
		return Mono.fromCallable(() -> "called").subscribeOn(scheduler).block(Duration.ofSeconds(20));
	}

	/**
	 * What Spring does before a checkpoint (CRaC) and after it was restored, where
	 * org.crac is on the class path.
	 */
	@Test
	void checkpointFindsNeitherThreadsNorDescriptors() throws IOException {
		try (TestServer server = TestServer.start(App.class)) {
			Object processor = server.context().getBean("lifecycleProcessor");
			assertThat(server.get("/hello").body()).isEqualTo("Hello");
			int port = server.port();
			long polls = descriptors("eventpoll");
			ReflectionTestUtils.invokeMethod(processor, "stopForRestart");
			server.threads().awaitNone();
			assertThat(TestServer.acceptsConnections(port)).isFalse();
			await().untilAsserted(() -> assertThat(descriptors("eventpoll")).isLessThan(polls));
			ReflectionTestUtils.invokeMethod(processor, "restartAfterStop");
			assertThat(server.get("/hello").body()).isEqualTo("Hello");
			assertThat(descriptors("eventpoll")).isEqualTo(polls);
		}
	}

	private static long descriptors(String kind) throws IOException {
		long count = 0;
		for (File each : Objects.requireNonNull(new File("/proc/self/fd").listFiles())) {
			Path link = each.toPath();
			if (Files.isSymbolicLink(link) && target(link).contains(kind)) {
				count++;
			}
		}
		return count;
	}

	private static String target(Path link) throws IOException {
		try {
			return Files.readSymbolicLink(link).toString();
		}
		catch (NoSuchFileException ex) {
			return ""; // that of the listing itself
		}
	}

	@Test
	void pauseOfTheContextLeavesTheServerAlone() {
		try (TestServer server = TestServer.start(App.class)) {
			TaskRuntime runtime = server.context().getBean(TaskRuntime.class);
			server.context().pause();
			assertThat(server.get("/hello").body()).isEqualTo("Hello");
			assertThat(runtime.spawn(() -> "paused").join()).isEqualTo("paused");
			server.context().restart();
			assertThat(server.get("/hello").body()).isEqualTo("Hello");
			assertThat(runtime.restarts()).isZero();
		}
	}

	@Test
	void nothingStartsARuntimeOnceTheContextHasEnded() {
		TestServer server = TestServer.start(App.class);
		TaskRuntimeLifecycle lifecycle = server.context().getBean(TaskRuntimeLifecycle.class);
		StrandScheduler scheduler = new StrandScheduler(lifecycle::runtime, "late", StrandScheduler.Kind.PARALLEL);
		server.close();
		assertThatIllegalStateException().isThrownBy(lifecycle::runtime);
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> scheduler.schedule(() -> {
		}));
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> scheduler.schedule(() -> {
		}, 1, TimeUnit.SECONDS));
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(scheduler::createWorker);
		scheduler.disposeGracefully().block();
		server.threads().awaitNone();
	}

	@Test
	void secondContextInSameJvmServes() {
		for (int i = 0; i < 2; i++) {
			TestServer server = TestServer.start(App.class);
			assertThat(server.get("/hello").body()).isEqualTo("Hello");
			server.close();
			server.threads().awaitNone();
		}
	}

	@Test
	void twoContextsAtATimeHaveARuntimeEach() {
		try (TestServer first = TestServer.start(App.class); TestServer second = TestServer.start(App.class)) {
			first.close();
			first.threads().awaitNone();
			assertThat(second.get("/hello").body()).isEqualTo("Hello");
		}
	}

	@Test
	void failedStartOfServerLeavesNoThread() {
		try (TestServer server = TestServer.start(App.class)) {
			String threads = "port-in-use-";
			assertThatException()
				.isThrownBy(() -> TestServer.start(App.class, "server.port=" + server.port(),
						"loopline.thread-name-prefix=" + threads))
				.withStackTraceContaining(PortInUseException.class.getName());
			RuntimeThreads.withPrefix(threads).awaitNone();
		}
	}

	@Test
	void failedCreationOfBeanLeavesNoThread() {
		String threads = "bad-bean-";
		assertThatException()
			.isThrownBy(() -> TestServer.start(BadBeanApp.class, "loopline.thread-name-prefix=" + threads))
			.withRootCauseInstanceOf(IllegalArgumentException.class);
		RuntimeThreads.withPrefix(threads).awaitNone();
	}

	@Test
	void requestInFlightEndsWhileContextIsClosing() throws Exception {
		TestServer server = TestServer.start(App.class);
		Gate gate = server.context().getBean(Gate.class);
		CompletableFuture<HttpResponse<String>> inFlight = server.getAsync("/gate");
		gate.entered.await();
		int port = server.port();
		CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close);
		await().until(() -> !TestServer.acceptsConnections(port));
		assertThat(inFlight).isNotDone();
		assertThat(closed).isNotDone();
		gate.open.tryEmitValue("Done").orThrow();
		assertThat(inFlight.join().statusCode()).isEqualTo(200);
		assertThat(inFlight.join().body()).isEqualTo("Done");
		closed.join();
		assertThat(TestServer.acceptsConnections(port)).isFalse();
		server.threads().awaitNone();
	}

	@Test
	void requestThatBlocksItsThreadEndsWhileContextIsClosing() throws Exception {
		TestServer server = TestServer.start(App.class);
		Gate gate = server.context().getBean(Gate.class);
		CompletableFuture<HttpResponse<String>> inFlight = server.getAsync("/block");
		gate.entered.await();
		int port = server.port();
		CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close);
		await().until(() -> !TestServer.acceptsConnections(port));
		gate.released.countDown();
		assertThat(inFlight.join().body()).isEqualTo("Unblocked");
		closed.join();
		server.threads().awaitNone();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

		@Bean
		Gate gate() {
			return new Gate();
		}

		@Bean
		RouterFunction<ServerResponse> routes(Gate gate) {
			return RouterFunctions.route()
				.GET("/hello", (request) -> ServerResponse.ok().bodyValue("Hello"))
				.GET("/gate",
						(request) -> gate.enter()
							.then(gate.open.asMono())
							.flatMap((body) -> ServerResponse.ok().bodyValue(body)))
				.GET("/block",
						(request) -> gate.enter()
							.then(Mono.fromCallable(gate::block))
							.flatMap((body) -> ServerResponse.ok().bodyValue(body)))
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class BadBeanApp {

		@Bean
		Object needsRunningResources(StrandResourceFactory resources, TaskRuntime runtime) {
			assertThat(resources.getLoopResources().isDisposed()).isFalse();
			assertThat(runtime.isShuttingDown()).isFalse();
			throw new IllegalArgumentException("A bean that cannot be created");
		}

	}

	static class Gate {

		private final CountDownLatch entered = new CountDownLatch(1);

		private final CountDownLatch released = new CountDownLatch(1);

		private final Sinks.One<String> open = Sinks.one();

		Mono<Void> enter() {
			return Mono.fromRunnable(this.entered::countDown);
		}

		String block() throws InterruptedException {
			this.released.await();
			return "Unblocked";
		}

	}

}
