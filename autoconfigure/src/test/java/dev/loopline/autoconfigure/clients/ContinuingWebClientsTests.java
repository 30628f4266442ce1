package dev.loopline.autoconfigure.clients;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mockito.Mockito;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.core.PriorityOrdered;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import org.springframework.web.reactive.function.client.ExchangeFunctions;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.support.ClientResponseWrapper;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;
import reactor.test.StepVerifier;

import dev.loopline.autoconfigure.TaskRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.reactor.ReactorNettyRuntimeAutoConfiguration;
import dev.loopline.runtime.TaskRuntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link ContinuingWebClients} over one connection, which all requests share.
 */
class ContinuingWebClientsTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(NettyReactiveWebServerAutoConfiguration.class,
				ReactorNettyRuntimeAutoConfiguration.class, TaskRuntimeAutoConfiguration.class,
				ReactorNettyGlobalsAutoConfiguration.class, WebClientAutoConfiguration.class))
		.withPropertyValues("loopline.workers=2", "loopline.stall.threshold=5ms",
				"spring.reactor.netty.shutdown-quiet-period=0");

	private final LoopResources loops = LoopResources.create("peer", 1, true);

	private final ConnectionProvider one = ConnectionProvider.create("one", 1);

	private DisposableServer server;

	private String url;

	@BeforeEach
	void start() {
		this.server = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.runOn(this.loops)
			.protocol(HttpProtocol.H2C)
			.handle((request, response) -> request.path().equals("cut")
					? Mono.<Void>never().doOnSubscribe((subscription) -> cut(response))
					: response.sendString(answer(request.path())))
			.bindNow();
		this.url = "http://127.0.0.1:" + this.server.port();
	}

	private static void cut(HttpServerResponse response) {
		response.withConnection((stream) -> stream.channel().parent().close());
	}

	private static Flux<String> answer(String path) {
		return path.equals("many") ? Flux.range(0, 20_000).map((i) -> i + "\n") : Flux.just(path);
	}

	@AfterEach
	void stop() {
		this.server.disposeNow();
		this.one.dispose();
		this.loops.dispose();
	}

	/** Where an application has its client from. */
	enum Source {

		BUILDER, CLIENT, CLONE, CUSTOMIZED;

		WebClient of(ApplicationContext context) {
			return switch (this) {
				case BUILDER -> context.getBean(WebClient.Builder.class).build();
				case CLIENT -> context.getBean(WebClient.class);
				case CLONE -> context.getBean(WebClient.Builder.class).clone().apply((builder) -> {
				}).build().mutate().build();
				case CUSTOMIZED -> {
					WebClient.Builder builder = WebClient.builder()
						.clientConnector(context.getBean(ClientHttpConnector.class))
						.baseUrl(context.getBean("url", String.class));
					context.getBeanProvider(WebClientCustomizer.class)
						.orderedStream()
						.forEach((customizer) -> customizer.customize(builder));
					yield builder.build();
				}
			};
		}

	}

	@ParameterizedTest
	@EnumSource
	void callbackThatBlocksHoldsUpNobodyElseOnTheConnection(Source source) {
		run((context) -> {
			WebClient client = source.of(context);
			CountDownLatch others = new CountDownLatch(64);
			CountDownLatch done = new CountDownLatch(16);
			for (int i = 0; i < 16; i++) {
				text(client, "/blocked").doOnNext((text) -> awaitUninterruptibly(others))
					.subscribe((text) -> done.countDown());
			}
			Flux.range(0, 64)
				.concatMap((i) -> text(client, "/other"))
				.doOnNext((text) -> others.countDown())
				.blockLast(PATIENCE);
			awaitUninterruptibly(done);
		});
	}

	@ParameterizedTest
	@EnumSource
	void headAndBodyContinueOnStrandsOfTheWorkThatAsked(Source source) {
		run((context) -> {
			WebClient client = source.of(context);
			CompletableFuture<String> routes = ask(context, "GET /asked",
					client.get()
						.uri("/any")
						.exchangeToMono((response) -> Mono.just(SomeWork.routeOfCaller())
							.zipWith(response.bodyToMono(String.class).map((body) -> SomeWork.routeOfCaller()),
									(head, body) -> head + ", " + body)));
			assertThat(routes.join()).isEqualTo("GET /asked, GET /asked");
		});
	}

	@Test
	void filtersOfTheApplicationRunThereToo() {
		run((context) -> {
			WebClient client = context.getBean(WebClient.Builder.class)
				.filter((request, next) -> next.exchange(request)
					.map((response) -> response.mutate().header("route", SomeWork.routeOfCaller()).build()))
				.build();
			Mono<String> route = client.get()
				.uri("/any")
				.exchangeToMono(
						(response) -> response.releaseBody().thenReturn(response.headers().header("route").get(0)));
			assertThat(ask(context, "GET /filtered", route).join()).isEqualTo("GET /filtered");
		});
	}

	@Test
	void failureContinuesThereToo() {
		run((context) -> {
			WebClient client = Source.CLIENT.of(context);
			text(client, "/any").block(PATIENCE);
			assertThat(ask(context, "GET /failed",
					text(client, "/cut").onErrorResume((failure) -> Mono.just(SomeWork.routeOfCaller())))
				.join()).isEqualTo("GET /failed");
		});
	}

	@Test
	void bodyComesInOrderAsItIsAskedFor() {
		run((context) -> StepVerifier.create(
				Source.CLIENT.of(context).get().uri("/many").retrieve().bodyToFlux(String.class).map(Integer::valueOf),
				0)
			.thenRequest(10)
			.expectNextSequence(IntStream.range(0, 10).boxed().toList())
			.thenRequest(Long.MAX_VALUE)
			.expectNextSequence(IntStream.range(10, 20_000).boxed().toList())
			.expectComplete()
			.verify(PATIENCE));
	}

	@Test
	void answersThatAreCancelledLetGoOfTheirStreams() {
		run((context) -> {
			WebClient client = Source.CLIENT.of(context);
			for (int i = 0; i < 60; i++) { // 100 at a time, and 200 may be reset
				client.get().uri("/many").retrieve().bodyToFlux(String.class).blockFirst(PATIENCE);
				client.get()
					.uri("/many")
					.exchangeToMono((response) -> Mono.never())
					.timeout(Duration.ZERO, Mono.empty())
					.block(PATIENCE);
			}
			assertThat(text(client, "/still").block(PATIENCE)).isEqualTo("still");
		});
	}

	@Test
	void whatNoConnectionOfOursBringsStaysOnItsThread() {
		run((context) -> {
			WebClient mocked = context.getBean(WebClient.Builder.class)
				.exchangeFunction((request) -> Mono.just(ClientResponse.create(HttpStatus.OK).body("mocked").build()))
				.build();
			Thread thread = mocked.get()
				.exchangeToMono((response) -> Mono.just(Thread.currentThread()))
				.block(PATIENCE);
			assertThat(thread).isSameAs(Thread.currentThread());
			CompletableFuture<Boolean> same = ask(context, "GET /mocked", Mono.fromSupplier(Thread::currentThread)
				.zipWith(mocked.get().exchangeToMono((response) -> Mono.just(Thread.currentThread())), Thread::equals));
			assertThat(same.join()).isTrue();
		});
	}

	@Test
	void mocksStay() {
		WebClient mock = Mockito.mock(WebClient.class);
		this.contextRunner.withBean("mock", WebClient.class, () -> mock)
			.run((context) -> assertThat(context.getBean(WebClient.class)).isSameAs(mock));
	}

	@Test
	void spiesStay() {
		this.contextRunner.withBean("client", WebClient.class, () -> WebClient.create("http://client.test"))
			.withBean("builder", WebClient.Builder.class, WebClient::builder)
			.withBean(Spying.class)
			.run((context) -> {
				context.getBean(WebClient.class).mutate();
				Mockito.verify(context.getBean(WebClient.class)).mutate();
				context.getBean(WebClient.Builder.class).baseUrl("http://builder.test").build();
				Mockito.verify(context.getBean(WebClient.Builder.class)).build();
			});
	}

	@Test
	void responseThatTheApplicationWrapsStays() {
		run((context) -> {
			ExchangeFunction exchange = ExchangeFunctions.create(context.getBean(ClientHttpConnector.class));
			WebClient client = context.getBean(WebClient.Builder.class)
				.exchangeFunction((request) -> exchange.exchange(request).map(Marked::new))
				.build();
			assertThat(text(client, "/any").block(PATIENCE)).isEqualTo("marked any");
			Mono<String> route = client.get()
				.uri("/any")
				.exchangeToMono((response) -> response.releaseBody().then(Mono.just(SomeWork.routeOfCaller())));
			assertThat(ask(context, "GET /wrapped", route).join()).isEqualTo("GET /wrapped");
		});
	}

	@Test
	void bodyThatIsGoneWhenItIsLetGoOfIsNoError() {
		List<Throwable> dropped = new CopyOnWriteArrayList<>();
		Hooks.onErrorDropped(dropped::add);
		try {
			ClientResponse gone = ClientResponse.create(HttpStatus.OK)
				.body(Flux.error(new IllegalStateException("released already")))
				.build();
			run((context) -> context.getBean(WebClient.Builder.class)
				.exchangeFunction((request) -> Mono.just(gone).hide().filter((response) -> false))
				.build()
				.get()
				.exchangeToMono(Mono::just)
				.onErrorComplete() // as there is no response
				.block(PATIENCE));
		}
		finally {
			Hooks.resetOnErrorDropped();
		}
		assertThat(dropped).isEmpty();
	}

	@Test
	void builderThrowsWhatItThrows() {
		run((context) -> assertThatIllegalArgumentException()
			.isThrownBy(() -> context.getBean(WebClient.Builder.class).filters((filters) -> {
				throw new IllegalArgumentException("no filters");
			}))
			.withMessage("no filters"));
	}

	@Test
	void builderEqualsItself() {
		run((context) -> {
			WebClient.Builder builder = context.getBean(WebClient.Builder.class);
			assertThat(List.of(builder.clone(), builder).indexOf(builder)).isOne();
		});
	}

	@Test
	void propertyLeavesThemAlone() {
		this.contextRunner.withPropertyValues("loopline.clients.reactor-netty=false")
			.run((context) -> assertThat(context).doesNotHaveBean(ContinuingWebClients.class));
	}

	private void run(ContextConsumer<ApplicationContext> test) {
		HttpClient http = HttpClient.create(this.one).protocol(HttpProtocol.H2C);
		ReactorClientHttpConnector connector = new ReactorClientHttpConnector(http);
		WebClient.Builder builder = WebClient.builder().clientConnector(connector).baseUrl(this.url);
		this.contextRunner.withBean("client", WebClient.class, () -> builder.clone().build())
			.withBean("builder", WebClient.Builder.class, builder::clone)
			.withBean("connector", ClientHttpConnector.class, () -> connector)
			.withBean("url", String.class, () -> this.url)
			.run(test::accept);
	}

	private static Mono<String> text(WebClient client, String path) {
		return client.get().uri(path).retrieve().bodyToMono(String.class);
	}

	private static <T> CompletableFuture<T> ask(ApplicationContext context, String work, Mono<T> answer) {
		CompletableFuture<T> future = new CompletableFuture<T>().orTimeout(20, TimeUnit.SECONDS);
		new SomeWork(work).run(context.getBean(TaskRuntime.class),
				() -> answer.subscribe(future::complete, future::completeExceptionally));
		return future;
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		await().until(() -> latch.getCount() == 0);
	}

	/**
	 * Makes spies as tests' annotations do: before other post-processors.
	 */
	static class Spying implements BeanPostProcessor, PriorityOrdered {

		@Override
		public int getOrder() {
			return HIGHEST_PRECEDENCE;
		}

		@Override
		public Object postProcessAfterInitialization(Object bean, String name) {
			return (bean instanceof WebClient || bean instanceof WebClient.Builder || bean instanceof HttpClient)
					? Mockito.spy(bean) : bean;
		}

	}

	/**
	 * A response that is more than Spring's.
	 */
	private static final class Marked extends ClientResponseWrapper {

		Marked(ClientResponse response) {
			super(response);
		}

		@Override
		@SuppressWarnings("unchecked") // asked for texts only
		public <T> Mono<T> bodyToMono(Class<? extends T> type) {
			return (Mono<T>) super.bodyToMono(String.class).map("marked "::concat);
		}

	}

}
