package dev.loopline.autoconfigure.clients;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import io.rsocket.exceptions.ApplicationErrorException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.rsocket.autoconfigure.RSocketMessagingAutoConfiguration;
import org.springframework.boot.rsocket.autoconfigure.RSocketRequesterAutoConfiguration;
import org.springframework.boot.rsocket.autoconfigure.RSocketServerAutoConfiguration;
import org.springframework.boot.rsocket.autoconfigure.RSocketStrategiesAutoConfiguration;
import org.springframework.boot.rsocket.context.RSocketPortInfoApplicationContextInitializer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.web.server.context.ServerPortInfoApplicationContextInitializer;
import org.springframework.boot.web.server.reactive.context.AnnotationConfigReactiveWebServerApplicationContext;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.rsocket.RSocketRequester;
import org.springframework.messaging.rsocket.RSocketStrategies;
import org.springframework.messaging.rsocket.annotation.support.RSocketMessageHandler;
import org.springframework.util.MimeType;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

import dev.loopline.autoconfigure.TaskRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.reactor.ReactorNettyRuntimeAutoConfiguration;
import dev.loopline.autoconfigure.support.RuntimeThreads;
import dev.loopline.runtime.TaskRuntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link RSocketClientStrandsAutoConfiguration} and
 * {@link RSocketServerStrandsAutoConfiguration}: a client and a server in one
 * application, and one connection.
 */
class RSocketStrandsTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final RuntimeThreads threads = RuntimeThreads.withUniquePrefix();

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner(
			AnnotationConfigReactiveWebServerApplicationContext::new)
		.withConfiguration(AutoConfigurations.of(NettyReactiveWebServerAutoConfiguration.class,
				HttpHandlerAutoConfiguration.class, WebFluxAutoConfiguration.class,
				ReactorNettyRuntimeAutoConfiguration.class, TaskRuntimeAutoConfiguration.class,
				ReactorNettyGlobalsAutoConfiguration.class, RSocketClientStrandsAutoConfiguration.class,
				RSocketServerStrandsAutoConfiguration.class, JacksonAutoConfiguration.class,
				RSocketStrategiesAutoConfiguration.class, RSocketMessagingAutoConfiguration.class,
				RSocketServerAutoConfiguration.class, RSocketRequesterAutoConfiguration.class))
		.withInitializer(new RSocketPortInfoApplicationContextInitializer())
		.withInitializer(new ServerPortInfoApplicationContextInitializer())
		.withBean(RSocketEcho.class)
		.withPropertyValues("loopline.workers=2", "loopline.stall.threshold=5ms", "server.port=0",
				"server.address=127.0.0.1", "spring.reactor.netty.shutdown-quiet-period=0",
				"spring.rsocket.server.address=127.0.0.1", this.threads.property());

	@ParameterizedTest
	@EnumSource
	void requestsAndAnswersRunAsStrands(Wire wire) {
		run(wire, (context, requester) -> {
			assertThat(ask(requester, "thread")).startsWith(this.threads.prefix());
			assertThat(requester.route("thread")
				.retrieveMono(String.class)
				.map((answer) -> Thread.currentThread().getName())
				.block(PATIENCE)).startsWith(this.threads.prefix());
		});
		this.threads.awaitNone();
	}

	@ParameterizedTest
	@EnumSource
	void handlersThatBlockHoldUpNoOtherRequestOfTheConnection(Wire wire) {
		run(wire, (context, requester) -> {
			CountDownLatch done = new CountDownLatch(16);
			for (int i = 0; i < 16; i++) {
				requester.route("block").retrieveMono(String.class).subscribe((answer) -> done.countDown());
			}
			askOthers(requester);
			await().until(() -> done.getCount() == 0);
		});
	}

	@ParameterizedTest
	@EnumSource
	void callbacksThatBlockHoldUpNoOtherRequestOfTheConnection(Wire wire) {
		run(wire, (context, requester) -> {
			CountDownLatch gate = context.getBean(RSocketEcho.class).gate;
			CountDownLatch done = new CountDownLatch(16);
			for (int i = 0; i < 16; i++) {
				requester.route("thread")
					.retrieveMono(String.class)
					.doOnNext((answer) -> await().until(() -> gate.getCount() == 0))
					.subscribe((answer) -> done.countDown());
			}
			askOthers(requester);
			await().until(() -> done.getCount() == 0);
		});
	}

	@Test
	void publishersThatBlockHoldUpNoOtherRequestOfTheConnection() {
		run(Wire.TCP, (context, requester) -> {
			CountDownLatch gate = context.getBean(RSocketEcho.class).gate;
			CompletableFuture<Integer> sum = new CompletableFuture<>();
			requester.route("sum").data(Flux.range(0, 1000).doOnNext((number) -> {
				if (number == 900) { // the peer's demand has arrived by now
					await().until(() -> gate.getCount() == 0);
				}
			}), Integer.class).retrieveFlux(Integer.class).subscribe(sum::complete);
			askOthers(requester);
			assertThat(sum.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(499_500);
		});
	}

	private static void askOthers(RSocketRequester requester) {
		Flux.range(0, 64).concatMap((i) -> requester.route("other").retrieveMono(String.class)).blockLast(PATIENCE);
	}

	@Test
	void requestIsOfItsRouteAndItsAnswerOfTheWorkThatAsked() {
		run(Wire.TCP, (context, requester) -> {
			assertThat(ask(requester, "route")).isEqualTo("route"); // and there is a
																	// connection now
			CompletableFuture<String> routes = new CompletableFuture<>();
			new SomeWork("GET /asked").run(context.getBean(TaskRuntime.class),
					() -> requester.route("items.7")
						.retrieveMono(String.class)
						.subscribe((answer) -> routes.complete(answer + ", " + SomeWork.routeOfCaller())));
			assertThat(routes.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("7 by items.{id}, GET /asked");
		});
	}

	@Test
	void ofSeveralPatternsTheMostSpecificIsTheRoute() {
		run(Wire.TCP, (context, requester) -> {
			assertThat(ask(requester, "items.8")).isEqualTo("8 by items.{id}");
			assertThat(ask(requester, "other.7")).isEqualTo("{kind}.{id}");
		});
	}

	@Test
	void plainRoutingMetadataIsRead() {
		runWith(Wire.TCP, (builder) -> builder.metadataMimeType(MimeType.valueOf("message/x.rsocket.routing.v0")),
				(context, requester) -> assertThat(ask(requester, "route")).isEqualTo("route"));
	}

	@Test
	void routeIsBlamedForTheStallAndItsNextRequestsStartBesideTheWorkers() {
		run(Wire.TCP, (context, requester) -> {
			assertThat(ask(requester, "stall")).isNotNull();
			assertThat(ask(requester, "stall")).isEqualTo("expected");
		});
	}

	@Test
	void whatARequestGoesOnWithIsOfItsRouteAndLearnedByItself() {
		runWith(Wire.TCP, RSocketStrandsTests::answering, (context, requester) -> {
			assertThat(ask(requester, "stall-later")).isNotNull();
			assertThat(ask(requester, "stall-later")).isEqualTo("expected");
		});
	}

	@ParameterizedTest
	@EnumSource
	void streamKeepsItsOrderAndEndsOnItsStrand(Wire wire) {
		run(wire, (context, requester) -> {
			List<Integer> numbers = requester.route("numbers")
				.data(1000)
				.retrieveFlux(Integer.class)
				.collectList()
				.block(PATIENCE);
			assertThat(numbers).isEqualTo(IntStream.range(0, 1000).boxed().toList());
			assertThat(context.getBean(RSocketEcho.class).seen()).last().isEqualTo("ended by numbers");
		});
	}

	@ParameterizedTest
	@EnumSource
	void demandAndCancellationArriveAsTheyAre(Wire wire) {
		run(wire, (context, requester) -> {
			StepVerifier.create(requester.route("numbers").data(1_000_000).retrieveFlux(Integer.class), 3)
				.expectNext(0, 1, 2)
				.thenRequest(2)
				.expectNext(3, 4)
				.thenCancel()
				.verify(PATIENCE);
			RSocketEcho echo = context.getBean(RSocketEcho.class);
			await().untilAsserted(() -> assertThat(echo.seen()).containsExactly("asked for 1 by numbers", // by
																											// Spring
					"asked for 2 by numbers", "asked for 2 by numbers", "cancelled by numbers", "ended by numbers"));
		});
	}

	@ParameterizedTest
	@EnumSource
	void channelKeepsItsOrderInBothDirections(Wire wire) {
		run(wire, (context, requester) -> {
			List<Integer> numbers = requester.route("double")
				.data(Flux.range(0, 1000), Integer.class)
				.retrieveFlux(Integer.class)
				.collectList()
				.block(PATIENCE);
			assertThat(numbers).isEqualTo(IntStream.range(0, 1000).map((i) -> i * 2).boxed().toList());
			assertThat(context.getBean(RSocketEcho.class).seen()).containsExactly("doubled by double");
		});
	}

	@Test
	void channelThatIsNotReadOnCancelsWhoPublishes() {
		run(Wire.TCP, (context, requester) -> {
			assertThat(ask(requester, "thread")).isNotNull();
			ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
			Flux<Integer> endless = Flux.<Integer, Integer>generate(() -> 0, (number, sink) -> {
				sink.next(number);
				return number + 1;
			}).doOnRequest((n) -> seen.add(Thread.currentThread().getName())).doOnCancel(() -> seen.add("cancelled"));
			assertThat(requester.route("first")
				.data(endless, Integer.class)
				.retrieveFlux(Integer.class)
				.collectList()
				.block(PATIENCE)).containsExactly(0, 1, 2);
			await().untilAsserted(() -> assertThat(seen).contains("cancelled"));
			assertThat(seen).filteredOn((name) -> !name.equals("cancelled"))
				.isNotEmpty()
				.allMatch((name) -> name.startsWith(this.threads.prefix()));
		});
	}

	@ParameterizedTest
	@EnumSource
	void errorsArrive(Wire wire) {
		run(wire, (context, requester) -> StepVerifier.create(requester.route("fail").retrieveMono(String.class))
			.expectErrorSatisfies(
					(ex) -> assertThat(ex).isInstanceOf(ApplicationErrorException.class).hasMessage("not today"))
			.verify(PATIENCE));
	}

	@ParameterizedTest
	@EnumSource
	void whatIsSentWithoutAnAnswerIsServed(Wire wire) {
		run(wire, (context, requester) -> {
			requester.route("note").data("sent").send().block(PATIENCE);
			requester.route("push").sendMetadata().block(PATIENCE);
			RSocketEcho echo = context.getBean(RSocketEcho.class);
			await().untilAsserted(
					() -> assertThat(echo.seen()).containsExactlyInAnyOrder("sent by note", "pushed by push"));
		});
	}

	@Test
	void unknownRouteIsRefused() {
		run(Wire.TCP, (context, requester) -> {
			StepVerifier.create(requester.route("nowhere").retrieveMono(String.class))
				.expectError(ApplicationErrorException.class)
				.verify(PATIENCE);
			assertThat(ask(requester, "route")).isEqualTo("route");
		});
	}

	@Test
	void handlerOfTheClientRunsOnStrandsOfItsRoute() {
		runWith(Wire.TCP, RSocketStrandsTests::answering,
				(context, requester) -> assertThat(ask(requester, "ask-back")).isEqualTo("asked-back"));
	}

	private static RSocketRequester.Builder answering(RSocketRequester.Builder builder) {
		RSocketStrategies strategies = RSocketStrategies.create();
		return builder.rsocketConnector(
				(connector) -> connector.acceptor(RSocketMessageHandler.responder(strategies, new Answering())));
	}

	@Test
	void contextThatIsStartedAgainServesAndAsks() {
		this.contextRunner.withPropertyValues(Wire.TCP.properties).run((context) -> {
			ConfigurableApplicationContext application = context.getSourceApplicationContext();
			for (int i = 0; i < 3; i++) {
				RSocketRequester requester = connect(Wire.TCP, application, (builder) -> builder);
				assertThat(ask(requester, "thread")).startsWith(this.threads.prefix());
				application.stop();
				requester.dispose();
				application.start();
			}
		});
		this.threads.awaitNone();
	}

	@Test
	void propertiesLeaveThemAlone() {
		this.contextRunner.withPropertyValues("loopline.clients.rsocket=false", "loopline.clients.rsocket-server=false")
			.withPropertyValues(Wire.TCP.properties)
			.run((context) -> {
				assertThat(context).doesNotHaveBean("strandRSocketConnectorConfigurer")
					.doesNotHaveBean("strandRSocketServerCustomizer");
				RSocketRequester requester = connect(Wire.TCP, context, (builder) -> builder);
				assertThat(ask(requester, "route")).isEqualTo("of nothing");
				requester.dispose();
			});
	}

	@Test
	void switchOfAllLeavesThemAlone() {
		this.contextRunner.withPropertyValues("loopline.enabled=false")
			.withPropertyValues(Wire.TCP.properties)
			.run((context) -> assertThat(context).doesNotHaveBean("strandRSocketConnectorConfigurer")
				.doesNotHaveBean("strandRSocketServerCustomizer"));
	}

	@Test
	void backsOffWithoutRSocket() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("io.rsocket"))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean("strandRSocketConnectorConfigurer")
				.doesNotHaveBean("strandRSocketServerCustomizer"));
	}

	private void run(Wire wire, Asking test) {
		runWith(wire, (builder) -> builder, test);
	}

	private void runWith(Wire wire, UnaryOperator<RSocketRequester.Builder> customizer, Asking test) {
		this.contextRunner.withPropertyValues(wire.properties).run((context) -> {
			RSocketRequester requester = connect(wire, context, customizer);
			test.with(context, requester);
			requester.dispose();
		});
	}

	private static RSocketRequester connect(Wire wire, ApplicationContext context,
			UnaryOperator<RSocketRequester.Builder> customizer) {
		RSocketRequester.Builder builder = customizer.apply(context.getBean(RSocketRequester.Builder.class));
		int port = Integer.parseInt(context.getEnvironment().getRequiredProperty(wire.port));
		return (wire == Wire.TCP) ? builder.tcp("127.0.0.1", port)
				: builder.websocket(URI.create("ws://127.0.0.1:" + port + wire.path));
	}

	private static @Nullable String ask(RSocketRequester requester, String route) {
		return requester.route(route).retrieveMono(String.class).block(PATIENCE);
	}

	/**
	 * What the client serves.
	 */
	static class Answering {

		@MessageMapping("asked-back")
		String route() {
			return SomeWork.routeOfCaller();
		}

	}

	/**
	 * What to do with a connection.
	 */
	interface Asking {

		void with(ApplicationContext context, RSocketRequester requester) throws Exception;

	}

	/**
	 * How the client reaches the server.
	 */
	enum Wire {

		TCP("local.rsocket.server.port", "", "spring.rsocket.server.port=0"),

		WEBSOCKET("local.rsocket.server.port", "/", "spring.rsocket.server.port=0",
				"spring.rsocket.server.transport=websocket"),

		WEB_SERVER("local.server.port", "/rsocket", "spring.rsocket.server.mapping-path=/rsocket",
				"spring.rsocket.server.transport=websocket");

		private final String port;

		private final String path;

		private final String[] properties;

		Wire(String port, String path, String... properties) {
			this.port = port;
			this.path = path;
			this.properties = properties;
		}

	}

}
