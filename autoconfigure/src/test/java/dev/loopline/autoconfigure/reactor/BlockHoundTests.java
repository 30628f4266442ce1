package dev.loopline.autoconfigure.reactor;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.netty.util.concurrent.DefaultThreadFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.NonBlocking;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import dev.loopline.autoconfigure.support.TestServer;
import dev.loopline.runtime.BlockingThreads;
import dev.loopline.runtime.RuntimeThreads;
import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandOptions;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;
import dev.loopline.runtime.internal.support.SpinLock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link LooplineBlockHoundIntegration}, in a process that BlockHound watches.
 */
@Tag("blockhound")
class BlockHoundTests {

	private static final String HANDLER = "BlockHoundTests";

	private static final ConcurrentLinkedQueue<BlockingOperationError> reports = new ConcurrentLinkedQueue<>();

	/** A server whose threads were there before BlockHound. */
	private static TestServer earlier;

	/**
	 * BlockHound asks whom it may judge after it has begun to watch, and never again: a
	 * thread that makes a call in between is left alone for ever. So nobody runs then.
	 */
	@BeforeAll
	static void install() {
		earlier = TestServer.start(App.class, "loopline.web.blocking-routes=/listed", "loopline.drill.enabled=false");
		assertThat(earlier.get("/").statusCode()).isEqualTo(200);
		TaskRuntime runtime = earlier.context().getBean(TaskRuntime.class);
		await().until(() -> runtime.diagnostics()
			.snapshot()
			.workers()
			.stream()
			.allMatch((worker) -> worker.runningFor().isZero()));
		BlockHound.builder().loadIntegrations().blockingMethodCallback((method) -> {
			BlockingOperationError report = new BlockingOperationError(method);
			reports.add(report);
			throw report;
		}).install();
	}

	@AfterEach
	void nothingElseIsReported() {
		List<BlockingOperationError> left = List.copyOf(reports);
		reports.clear();
		assertThat(left).extracting(BlockHoundTests::stack).isEmpty();
	}

	/** All of it: the call is ours or not by what is far down. */
	private static String stack(Throwable report) {
		return Arrays.stream(report.getStackTrace()).map(String::valueOf).collect(Collectors.joining("\n\tat "));
	}

	@Test
	void serverOnlyAnswers() throws Exception {
		try (TestServer server = start()) {
			for (int i = 0; i < 300; i++) {
				assertThat(TestServer.exchangeAndClose(server.port(), "/")).startsWith("HTTP/1.1 200 ");
			}
		}
	}

	/** A handler takes it too, when its strand is listed or wakes another worker. */
	@Test
	void waitForALockOfOursIsNotReported() {
		try (TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(1)))) {
			SpinLock lock = new SpinLock();
			AtomicReference<Thread> waiting = new AtomicReference<>();
			lock.lock();
			CompletableFuture<String> task = runtime.<String>spawn(() -> {
				waiting.set(Thread.currentThread());
				lock.lock();
				lock.unlock();
				return "done";
			}).toCompletableFuture();
			await().until(() -> waiting.get() != null && Arrays.stream(waiting.get().getStackTrace())
				.anyMatch((frame) -> frame.getClassName().equals(SpinLock.class.getName())));
			lock.unlock();
			assertThat(task).succeedsWithin(20, TimeUnit.SECONDS).isEqualTo("done");
		}
	}

	@Test
	void callOnWorkerIsReportedEveryTime() {
		try (TestServer server = start()) {
			for (int i = 0; i < 5; i++) {
				assertThat(server.get("/park").statusCode()).isEqualTo(500);
				assertThat(server.get("/").statusCode()).isEqualTo(200);
				assertReported("sleep");
			}
		}
	}

	@Test
	void callOnThreadThatIsNoWorkerAnyMoreIsReported() {
		try (TestServer server = start()) {
			for (int i = 0; i < 5; i++) { // soon in the lane
				assertThat(server.get("/burn-and-park").statusCode()).isEqualTo(500);
				assertReported("sleep");
				assertThat(server.get("/").statusCode()).isEqualTo(200);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/listed", "/job", "/in-place", "/elastic" })
	void callWhereBlockingIsPermittedIsNotReported(String path) {
		try (TestServer server = start()) {
			List<CompletableFuture<Integer>> answers = IntStream.range(0, 20)
				.mapToObj((i) -> server.getAsync(path).thenApply((answer) -> answer.statusCode()))
				.toList();
			assertThat(answers).extracting(CompletableFuture::join).containsOnly(200);
			assertThat(server.get("/").statusCode()).isEqualTo(200);
		}
	}

	@Test
	void serverThatWasThereBeforeAnswersAndEnds() {
		assertThat(earlier.get("/").statusCode()).isEqualTo(200);
		assertThat(earlier.get("/job").statusCode()).isEqualTo(200);
		assertThat(earlier.get("/listed").statusCode()).isEqualTo(200);
		int port = earlier.port();
		earlier.close();
		assertThat(TestServer.acceptsConnections(port)).isFalse();
	}

	@ParameterizedTest
	@MethodSource
	void callOnThreadOfAnyFactoryIsReported(ThreadFactory threads) throws Exception {
		try (TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(2)
			.threadFactory(threads)
			.blockingOn(BlockingThreads.PLATFORM, 0) // a virtual one that waits blocks
														// none
			.blockingKeepAlive(Duration.ofMillis(1))))) {
			CompletableFuture<Object> task = runtime.spawn(BlockHoundTests::park).toCompletableFuture();
			assertThat(task).failsWithin(20, TimeUnit.SECONDS);
			assertReported("sleep");
			runtime.spawnBlocking(BlockHoundTests::park).toCompletableFuture().get(20, TimeUnit.SECONDS);
			runtime.spawn(BlockHoundTests::parkInPlace).toCompletableFuture().get(20, TimeUnit.SECONDS);
			CompletableFuture.runAsync(BlockHoundTests::park, runtime.newStrand(StrandOptions.DEFAULTS.blocking()))
				.get(20, TimeUnit.SECONDS);
			Strand slow = runtime.newStrand(StrandOptions.DEFAULTS.slowLike(runtime.newStrand()));
			assertThat(CompletableFuture.runAsync(BlockHoundTests::park, slow)).failsWithin(20, TimeUnit.SECONDS);
			assertReported("sleep");
		}
	}

	static List<ThreadFactory> callOnThreadOfAnyFactoryIsReported() {
		return List.of(Thread::new, new DefaultThreadFactory("fast"));
	}

	@Test
	void tasksMayStartAsManyThreadsAsTheyLike() throws Exception {
		CyclicBarrier together = new CyclicBarrier(50);
		try (TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(2)))) {
			runtime.spawnAsync(() -> CompletableFuture.allOf(IntStream.range(0, together.getParties())
				.mapToObj((i) -> runtime.spawnBlocking(together::await).toCompletableFuture())
				.toArray(CompletableFuture[]::new))).toCompletableFuture().get(20, TimeUnit.SECONDS);
		}
	}

	/**
	 * Threads of their own, so that no runtime that was there before the agent has a part
	 * in it.
	 */
	@Test
	void othersAreJudgedAsBefore() {
		Scheduler theirs = Schedulers.newParallel(1, TheirThread::new);
		Mono<Object> parked = Mono.fromCallable(BlockHoundTests::park).subscribeOn(theirs);
		assertThat(parked.toFuture()).failsWithin(20, TimeUnit.SECONDS);
		assertReported("sleep");
		theirs.dispose();
	}

	@Test
	void framesAreThere() {
		assertThat(LooplineBlockHoundIntegration.ALLOWED).allSatisfy(BlockHoundTests::assertIsThere);
		assertThat(LooplineBlockHoundIntegration.DISALLOWED).allSatisfy(BlockHoundTests::assertIsThere);
	}

	private static void assertIsThere(String frame) throws ClassNotFoundException {
		int dot = frame.lastIndexOf('.');
		assertThat(Class.forName("dev.loopline." + frame.substring(0, dot)).getDeclaredMethods())
			.anyMatch((method) -> method.getName().equals(frame.substring(dot + 1)));
	}

	private static TestServer start() {
		return TestServer.start(App.class, "loopline.web.blocking-routes=/listed");
	}

	private static void assertReported(String method) {
		BlockingOperationError report = reports.poll();
		assertThat(report).isNotNull().hasMessageContaining(method).hasStackTraceContaining(HANDLER);
		assertThat(RuntimeThreads.contains(Thread.currentThread())).isFalse();
	}

	private static Object park() {
		try {
			Thread.sleep(20);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
		return "parked";
	}

	private static Object parkInPlace() {
		try {
			return TaskRuntime.blockInPlace(BlockHoundTests::park);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

		@Bean
		RouterFunction<ServerResponse> routes(TaskRuntime runtime) {
			return RouterFunctions.route()
				.GET("/", (request) -> ok("Hello"))
				.GET("/park", (request) -> ok(park()))
				.GET("/burn-and-park", (request) -> {
					burn();
					return ok(park());
				})
				.GET("/listed", (request) -> ok(park()))
				.GET("/job",
						(request) -> Mono.fromCompletionStage(runtime.spawnBlocking(BlockHoundTests::park))
							.flatMap(App::ok))
				.GET("/in-place", (request) -> ok(parkInPlace()))
				.GET("/elastic",
						(request) -> Mono.fromCallable(BlockHoundTests::park)
							.subscribeOn(Schedulers.boundedElastic())
							.flatMap(App::ok))
				.build();
		}

		/** Until the worker has been taken away. */
		private static void burn() {
			double value = 1;
			// BlockHound minds a spin wait, too
			while (RuntimeThreads.isWorker() && value > 0) {
				value = Math.sqrt(value + 1);
			}
		}

		private static Mono<ServerResponse> ok(Object body) {
			return ServerResponse.ok().bodyValue(body);
		}

	}

	private static final class TheirThread extends Thread implements NonBlocking {

		TheirThread(Runnable task) {
			super(task, "theirs");
		}

	}

}
