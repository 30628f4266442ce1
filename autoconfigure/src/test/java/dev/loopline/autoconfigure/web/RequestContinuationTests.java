package dev.loopline.autoconfigure.web;

import java.lang.ref.WeakReference;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;

import dev.loopline.autoconfigure.support.TestServer;
import dev.loopline.runtime.RuntimeThreads;
import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.stall.Stall;
import dev.loopline.runtime.stall.WorkContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link RequestContinuation}.
 */
class RequestContinuationTests {

	private static final BlockingQueue<Strand> strands = new LinkedBlockingQueue<>();

	private static final String LANE = LearningApp.WORKER + " " + LearningApp.LANE;

	private static final String WORKER = LearningApp.WORKER + " " + LearningApp.WORKER;

	@ParameterizedTest
	@ValueSource(strings = { "delay", "publish", "interval", "timeout", "filter", "elastic" })
	void continuationThatBlocksIsLearnedAndItsHandlerIsNot(String kind) {
		try (TestServer server = TestServer.start(App.class)) {
			await().until(() -> server.get("/" + kind + "/1").body().equals(LANE));
			assertThat(server.get("/" + kind + "/2").body()).isEqualTo(LANE);
			assertThat(server.get("/fine/1").body()).isEqualTo(WORKER);
			assertThat(server.context().getBean(SlowRoutes.class).names()).isEmpty();
		}
	}

	@Test
	void connectionOfAClientIsExpectedToBlockForThoseAloneWhoseCallbacksDo() {
		try (TestServer server = TestServer.start(App.class)) {
			await().until(() -> server.get("/called/block/1").body().equals(LANE));
			for (int i = 0; i < 3; i++) {
				assertThat(server.get("/called/fine/" + i).body()).isEqualTo(WORKER);
				assertThat(server.get("/called/block/" + i).body()).isEqualTo(LANE);
			}
			assertThat(server.context().getBean(SlowRoutes.class).names()).isEmpty();
		}
	}

	@Test
	void callbackThatBlockedIsRememberedThoughTheConnectionWorksForNobodyByTheEnd() {
		try (TestServer server = TestServer.start(App.class)) {
			await().until(() -> server.get("/called/followed/1").body().equals(LANE));
			for (int i = 0; i < 12; i++) {
				assertThat(server.get("/called/followed/" + i).body()).isEqualTo(LANE);
			}
		}
	}

	@Test
	void callbackThatDoesNotBlockAnyMoreIsForgotten() {
		try (TestServer server = TestServer.start(App.class)) {
			AtomicBoolean moody = server.context().getBean(AtomicBoolean.class);
			await().until(() -> server.get("/called/moody/1").body().equals(LANE));
			moody.set(false);
			await().until(() -> server.get("/called/moody/1").body().equals(WORKER));
		}
	}

	@Test
	void stallOfACallbackNamesTheRoute() {
		try (TestServer server = TestServer.start(App.class)) {
			assertThat(server.get("/called/named/4711").body()).startsWith("GET /called/named/{id} ")
				.contains("App$Controller#calledNamed(");
		}
	}

	@Test
	void continuationThatDoesNotBlockAnyMoreIsForgotten() {
		try (TestServer server = TestServer.start(App.class)) {
			AtomicBoolean moody = server.context().getBean(AtomicBoolean.class);
			await().until(() -> server.get("/moody/1").body().equals(LANE));
			moody.set(false);
			await().until(() -> server.get("/moody/1").body().equals(WORKER));
		}
	}

	@Test
	void handlersThatWaitForTheirContinuationsEndWhereThoseNeedThreadsToo() {
		try (TestServer server = TestServer.start(App.class, "loopline.workers=2", "loopline.blocking.max-threads=2",
				"loopline.blocking.threads=platform")) {
			await().until(() -> server.get("/waiting/1").body().equals(LANE));
			List<CompletableFuture<HttpResponse<String>>> answers = Stream.generate(() -> server.getAsync("/waiting/2"))
				.limit(4)
				.toList();
			assertThat(answers).allSatisfy((answer) -> assertThat(answer.join().statusCode()).isEqualTo(200));
		}
	}

	@Test
	void stallNamesTheRoute() {
		try (TestServer server = TestServer.start(App.class)) {
			assertThat(server.get("/named/4711").body()).startsWith("GET /named/{id} ")
				.contains("App$Controller#named(")
				.doesNotContain("4711");
		}
	}

	@Test
	void strandThatOutlivesTheRequestKnowsTheRouteAndNothingElse() throws InterruptedException {
		try (TestServer server = TestServer.start(App.class)) {
			assertThat(server.get("/background/1").body()).isEqualTo("left behind");
			WeakReference<WorkContext> request = App.request;
			Strand strand = strands.poll(20, TimeUnit.SECONDS);
			assertThat(strand).isNotNull();
			await().until(() -> {
				System.gc();
				return request.refersTo(null);
			});
			WorkContext context = StrandInstrumentation.context(strand);
			assertThat(context).isNotNull();
			assertThat(context.describe().route()).isEqualTo("GET /background/{id}");
			assertThat(context).asString().startsWith("GET /background/{id} from 127.0.0.1:");
		}
	}

	/**
	 * An application whose handlers go on by way of Reactor's schedulers.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

		private static volatile WeakReference<WorkContext> request = new WeakReference<>(null);

		@Bean
		AtomicBoolean moody() {
			return new AtomicBoolean(true);
		}

		@Bean
		WebFilter hop() {
			return (exchange, chain) -> exchange.getRequest().getPath().value().startsWith("/filter")
					? Mono.just("session").publishOn(Schedulers.parallel()).flatMap((session) -> chain.filter(exchange))
					: chain.filter(exchange);
		}

		@RestController
		static class Controller {

			private final TaskRuntime runtime;

			private final AtomicBoolean moody;

			Controller(TaskRuntime runtime, AtomicBoolean moody) {
				this.runtime = runtime;
				this.moody = moody;
			}

			@GetMapping("/delay/{id}")
			Mono<String> delay(@PathVariable String id) {
				String began = where();
				return Mono.delay(Duration.ofMillis(1)).map((tick) -> began + " " + LearningApp.block());
			}

			@GetMapping("/publish/{id}")
			Mono<String> publish(@PathVariable String id) {
				String began = where();
				return Mono.just(id)
					.hide()
					.publishOn(Schedulers.parallel())
					.map((hop) -> began + " " + LearningApp.block());
			}

			/** Goes on by way of a thread that is no strand. */
			@GetMapping("/elastic/{id}")
			Mono<String> elastic(@PathVariable String id) {
				String began = where();
				return Mono.fromSupplier(() -> began)
					.subscribeOn(Schedulers.boundedElastic())
					.publishOn(Schedulers.parallel())
					.map((hop) -> hop + " " + LearningApp.block());
			}

			@GetMapping("/interval/{id}")
			Mono<String> interval(@PathVariable String id) {
				String began = where();
				return Flux.interval(Duration.ofMillis(1)).map((tick) -> began + " " + LearningApp.block()).next();
			}

			@GetMapping("/timeout/{id}")
			Mono<String> timeout(@PathVariable String id) {
				String began = where();
				return Mono.<String>never()
					.timeout(Duration.ofMillis(1), Mono.fromSupplier(() -> began + " " + LearningApp.block()));
			}

			@GetMapping("/filter/{id}")
			String afterFilter(@PathVariable String id) {
				return LearningApp.WORKER + " " + LearningApp.block();
			}

			@GetMapping("/fine/{id}")
			Mono<String> fine(@PathVariable String id) {
				String began = where();
				return Mono.delay(Duration.ofMillis(1)).map((tick) -> began + " " + where());
			}

			@GetMapping("/hello")
			String hello() {
				return "hello";
			}

			@GetMapping("/called/block/{id}")
			Mono<String> calledBlock(ServerHttpRequest request) {
				String began = where();
				return hello(request).map((body) -> began + " " + LearningApp.block());
			}

			@GetMapping("/called/fine/{id}")
			Mono<String> calledFine(ServerHttpRequest request) {
				String began = where();
				return hello(request).map((body) -> began + " " + where());
			}

			@GetMapping("/called/moody/{id}")
			Mono<String> calledMoody(ServerHttpRequest request) {
				String began = where();
				return hello(request).map((body) -> began + " " + (this.moody.get() ? LearningApp.block() : where()));
			}

			@GetMapping("/called/named/{id}")
			Mono<String> calledNamed(ServerHttpRequest request) {
				return hello(request).map((body) -> nameOfStall());
			}

			@GetMapping("/called/followed/{id}")
			Mono<String> calledFollowed(ServerHttpRequest request) {
				String began = where();
				return hello(request).map((body) -> began + " " + LearningApp.stall())
					.delayElement(Duration.ofMillis(1))
					.flatMap((answer) -> Mono.fromFuture(CompletableFuture.supplyAsync(() -> hello(request).block()))
						.thenReturn(answer));
			}

			private static Mono<String> hello(ServerHttpRequest request) {
				return HttpClient.create()
					.get()
					.uri("http://127.0.0.1:" + request.getLocalAddress().getPort() + "/hello")
					.responseSingle((response, body) -> body.asString());
			}

			@GetMapping("/moody/{id}")
			Mono<String> moody(@PathVariable String id) {
				String began = where();
				return Mono.delay(Duration.ofMillis(1))
					.map((tick) -> began + " " + (this.moody.get() ? LearningApp.block() : where()));
			}

			@GetMapping("/waiting/{id}")
			String waiting(@PathVariable String id) throws Exception {
				return Mono.delay(Duration.ofMillis(1))
					.map((tick) -> LearningApp.WORKER + " " + LearningApp.block())
					.toFuture()
					.get();
			}

			@GetMapping("/named/{id}")
			Mono<String> named(@PathVariable String id) {
				return Mono.delay(Duration.ofMillis(1)).map((tick) -> nameOfStall());
			}

			private String nameOfStall() {
				return await()
					.until(() -> this.runtime.diagnostics()
						.stalls()
						.running()
						.stream()
						.filter((stall) -> stall.work().route() != null)
						.map(Stall::work)
						.findFirst()
						.orElse(null), (work) -> work != null)
					.toString()
					.replaceFirst(".*route=([^,]*), handler=([^,]*),.*", "$1 $2");
			}

			@GetMapping("/background/{id}")
			Mono<String> background(@PathVariable String id) {
				Strand current = Strand.current();
				request = new WeakReference<>(StrandInstrumentation.context(current));
				Scheduler.Worker worker = Schedulers.parallel().createWorker();
				worker.schedule(() -> strands.add(Strand.current()));
				return Mono.just("left behind");
			}

			private static String where() {
				return RuntimeThreads.isWorker() ? LearningApp.WORKER : LearningApp.LANE;
			}

		}

	}

}
