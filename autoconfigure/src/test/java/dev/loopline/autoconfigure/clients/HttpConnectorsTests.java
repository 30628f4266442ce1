package dev.loopline.autoconfigure.clients;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.reactive.ClientHttpConnectorBuilderCustomizer;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.JdkClientHttpConnectorBuilder;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import dev.loopline.autoconfigure.TaskRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.TaskRuntimeLifecycle;
import dev.loopline.autoconfigure.reactor.ReactorNettyRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.support.RuntimeThreads;
import dev.loopline.runtime.TaskRuntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the connectors of WebClient that are not Reactor Netty's:
 * {@link JdkHttpClientAutoConfiguration}, {@link JettyHttpClientAutoConfiguration} and
 * {@link ApacheHttpClientAutoConfiguration}.
 */
class HttpConnectorsTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final RuntimeThreads threads = RuntimeThreads.withUniquePrefix();

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(NettyReactiveWebServerAutoConfiguration.class,
				ReactorNettyRuntimeAutoConfiguration.class, TaskRuntimeAutoConfiguration.class,
				JdkHttpClientAutoConfiguration.class, JettyHttpClientAutoConfiguration.class,
				ApacheHttpClientAutoConfiguration.class, ReactiveHttpClientAutoConfiguration.class,
				WebClientAutoConfiguration.class))
		.withPropertyValues("loopline.workers=2", "spring.reactor.netty.shutdown-quiet-period=0",
				this.threads.property());

	private HttpPeer peer;

	@BeforeEach
	void start() throws IOException {
		this.peer = new HttpPeer();
	}

	@AfterEach
	void stop() {
		this.peer.close();
		RuntimeThreads.endThoseOfReactorNetty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdk", "jetty", "http-components" })
	void responseAndBodyContinueOnStrandsOfTheWorkThatAsked(String connector) {
		with(connector).run((context) -> {
			TaskRuntime runtime = context.getBean(TaskRuntime.class);
			CompletableFuture<String> routes = new CompletableFuture<>();
			new SomeWork("GET /asked").run(runtime,
					() -> client(context).get()
						.uri("/a")
						.exchangeToMono((response) -> Mono.just(SomeWork.routeOfCaller())
							.zipWith(response.bodyToMono(String.class).map((body) -> SomeWork.routeOfCaller())))
						.subscribe((both) -> routes.complete(both.getT1() + ", " + both.getT2()),
								routes::completeExceptionally));
			assertThat(routes.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("GET /asked, GET /asked");
		});
		this.threads.awaitNone();
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdk", "jetty", "http-components" })
	void callbacksThatBlockHoldUpNobodyElse(String connector) {
		with(connector).withPropertyValues("loopline.stall.threshold=5ms").run((context) -> {
			CountDownLatch others = new CountDownLatch(64);
			CountDownLatch done = new CountDownLatch(16);
			for (int i = 0; i < 16; i++) {
				get(context, "/blocked" + i).doOnNext((body) -> awaitUninterruptibly(others))
					.subscribe((body) -> done.countDown());
			}
			Flux.range(0, 64)
				.concatMap((i) -> get(context, "/other" + i))
				.doOnNext((body) -> others.countDown())
				.blockLast(PATIENCE);
			awaitUninterruptibly(done);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdk", "jetty", "http-components" })
	void bodyComesInOrderAsItIsAskedFor(String connector) {
		with(connector).run((context) -> StepVerifier.create(lines(context), 0)
			.thenRequest(10)
			.expectNextSequence(IntStream.range(0, 10).boxed().toList())
			.thenRequest(Long.MAX_VALUE)
			.expectNextSequence(IntStream.range(10, 100_000).boxed().toList())
			.expectComplete()
			.verify(PATIENCE));
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdk", "jetty", "http-components" })
	void cancelledBodyHoldsUpNobody(String connector) {
		with(connector).run((context) -> {
			for (int i = 0; i < 100; i++) { // more than a pool of connections has
				assertThat(lines(context).take(3).collectList().block(PATIENCE)).isEqualTo(List.of(0, 1, 2));
			}
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdk", "jetty", "http-components" })
	void failureArrivesOnAStrandToo(String connector) {
		this.peer.close();
		with(connector).run((context) -> assertThat(
				get(context, "/none").onErrorResume((ex) -> Mono.just(Thread.currentThread().getName()))
					.block(PATIENCE))
			.startsWith(this.threads.prefix()));
	}

	@Test
	void clientThatCanBeClosedIsClosedWithTheApplication() {
		String[] before = apaches();
		with("http-components").run((context) -> {
			get(context, "/open").block(PATIENCE);
			assertThat(apaches()).hasSizeGreaterThan(before.length);
		});
		await().untilAsserted(() -> assertThat(apaches()).hasSameSizeAs(before));
	}

	private static String[] apaches() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith("httpclient-"))
			.toArray(String[]::new);
	}

	@Test
	void noThreadOfTheJdksClientButItsSelectors() {
		with("jdk").run((context) -> {
			List<String> before = RuntimeThreads.withPrefix("HttpClient-").alive();
			Flux.range(0, 32).flatMap((i) -> get(context, "/" + i)).blockLast(PATIENCE);
			assertThat(RuntimeThreads.withPrefix("HttpClient-").alive()).filteredOn((name) -> !before.contains(name))
				.allMatch((name) -> name.endsWith("SelectorManager"));
		});
	}

	@Test
	void answerThatComesAfterTheEndIsNotLost() {
		with("jdk").run((context) -> {
			ClientWork work = new ClientWork(context.getBean(TaskRuntimeLifecycle.class));
			assertThat(threadOf(work)).startsWith(this.threads.prefix());
			ConfigurableApplicationContext application = context.getSourceApplicationContext();
			application.stop();
			assertThat(threadOf(work)).startsWith("ForkJoinPool.commonPool");
			application.start();
			assertThat(threadOf(work)).startsWith(this.threads.prefix());
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdk", "jetty", "http-components" })
	void beansMayAskUntilTheyAreDestroyed(String connector) {
		AtomicReference<Goodbye> goodbye = new AtomicReference<>();
		with(connector).withBean(Goodbye.class).run((context) -> {
			goodbye.set(context.getBean(Goodbye.class));
			goodbye.get().url = this.peer.url();
		});
		assertThat(goodbye.get().answer).isEqualTo("/goodbye");
		this.threads.awaitNone();
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "jdk", "jetty", "http-components" })
	void contextThatIsStoppedAsksWithoutStrands(String connector) {
		with(connector).run((context) -> {
			context.getSourceApplicationContext().stop();
			assertThat(threadOf(context)).doesNotStartWith(this.threads.prefix());
			assertThat(lines(context).count().block(PATIENCE)).isEqualTo(100_000);
		});
	}

	@ParameterizedTest
	@CsvSource({ "jdk, /late", "jdk, /held", "jetty, /late", "jetty, /held", "http-components, /late",
			"http-components, /held" })
	void answerThatIsOnItsWayWhenTheRuntimeEndsIsNotLost(String connector, String path) {
		with(connector).run((context) -> {
			CountDownLatch head = new CountDownLatch(path.equals("/held") ? 1 : 0);
			CompletableFuture<String> answer = client(context).get().uri(path).exchangeToMono((response) -> {
				head.countDown();
				return response.bodyToMono(String.class);
			}).toFuture();
			this.peer.awaitKept();
			awaitUninterruptibly(head);
			context.getSourceApplicationContext().stop();
			this.peer.release();
			assertThat(answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).endsWith(path);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdk", "jetty", "http-components" })
	void contextThatIsStartedAgainGoesOn(String connector) {
		with(connector).run((context) -> {
			ConfigurableApplicationContext application = context.getSourceApplicationContext();
			for (int i = 0; i < 3; i++) {
				assertThat(threadOf(context)).startsWith(this.threads.prefix());
				application.stop();
				application.start();
			}
			assertThat(threadOf(context)).startsWith(this.threads.prefix());
		});
		this.threads.awaitNone();
	}

	@Test
	void executorOfTheUserWins() {
		Executor users = Executors.newCachedThreadPool((task) -> new Thread(task, "users-thread"));
		CompletableFuture<String> used = new CompletableFuture<>();
		ClientHttpConnectorBuilderCustomizer<JdkClientHttpConnectorBuilder> customizer = (builder) -> builder
			.withExecutor((task) -> {
				used.complete("used");
				users.execute(task);
			});
		with("jdk").withBean(ClientHttpConnectorBuilderCustomizer.class, () -> customizer).run((context) -> {
			assertThat(threadOf(context)).startsWith(this.threads.prefix());
			assertThat(used).isCompleted();
		});
	}

	@Test
	void builderOfTheUserStays() {
		with("jdk").withBean(JdkClientHttpConnectorBuilder.class, ClientHttpConnectorBuilder::jdk)
			.run((context) -> assertThat(context.getBean(ClientHttpConnector.class))
				.isInstanceOf(JdkClientHttpConnector.class));
	}

	@Test
	void connectorOfTheUserStays() {
		with("jdk").withBean(JdkClientHttpConnector.class)
			.run((context) -> assertThat(context.getBean(ClientHttpConnector.class))
				.isInstanceOf(JdkClientHttpConnector.class));
	}

	@Test
	void connectorOfReactorNettyHasStrandsAlready() {
		with("reactor").run((context) -> assertThat(context.getBean(ClientHttpConnector.class))
			.isInstanceOf(ReactorClientHttpConnector.class));
	}

	@ParameterizedTest
	@CsvSource({ "jdk, jdk-http", "jetty, jetty-http", "http-components, apache-http" })
	void propertyLeavesItAlone(String connector, String name) {
		with(connector).withPropertyValues("loopline.clients." + name + "=false")
			.run((context) -> assertThat(threadOf(context)).doesNotStartWith(this.threads.prefix()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdk", "jetty", "http-components" })
	void switchOfAllLeavesItAlone(String connector) {
		with(connector).withPropertyValues("loopline.enabled=false")
			.run((context) -> assertThat(threadOf(context)).doesNotStartWith(this.threads.prefix()));
	}

	@Test
	void backsOffWithoutTheClients() {
		this.contextRunner
			.withClassLoader(new FilteredClassLoader("java.net.http", "org.eclipse.jetty", "org.apache.hc"))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(JettyHttpClientAutoConfiguration.class)
				.doesNotHaveBean(ApacheHttpClientAutoConfiguration.class));
	}

	private ReactiveWebApplicationContextRunner with(String connector) {
		return this.contextRunner.withPropertyValues("spring.http.clients.reactive.connector=" + connector);
	}

	private WebClient client(ApplicationContext context) {
		return context.getBean(WebClient.Builder.class).baseUrl(this.peer.url()).build();
	}

	private Mono<String> get(ApplicationContext context, String path) {
		return client(context).get().uri(path).retrieve().bodyToMono(String.class);
	}

	private Flux<Integer> lines(ApplicationContext context) {
		return client(context).get().uri("/many").retrieve().bodyToFlux(String.class).map(Integer::valueOf);
	}

	private String threadOf(ApplicationContext context) {
		return get(context, "/").map((body) -> Thread.currentThread().getName()).block(PATIENCE);
	}

	private static String threadOf(Executor executor) throws Exception {
		CompletableFuture<String> thread = new CompletableFuture<>();
		executor.execute(() -> thread.complete(Thread.currentThread().getName()));
		return thread.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		await().until(() -> latch.getCount() == 0);
	}

	/** Asks when it is destroyed. */
	static final class Goodbye implements DisposableBean {

		private final WebClient.Builder clients;

		private String url = "";

		private @Nullable String answer;

		Goodbye(WebClient.Builder clients) {
			this.clients = clients;
		}

		@Override
		public void destroy() {
			this.answer = this.clients.baseUrl(this.url)
				.build()
				.get()
				.uri("/goodbye")
				.retrieve()
				.bodyToMono(String.class)
				.block(PATIENCE);
		}

	}

}
