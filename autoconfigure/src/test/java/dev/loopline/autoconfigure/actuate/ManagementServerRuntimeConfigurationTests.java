package dev.loopline.autoconfigure.actuate;

import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

import dev.loopline.autoconfigure.TaskRuntimeConfigCustomizer;
import dev.loopline.autoconfigure.TaskRuntimeLifecycle;
import dev.loopline.autoconfigure.support.RuntimeThreads;
import dev.loopline.autoconfigure.support.TestServer;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;
import dev.loopline.runtime.TaskRuntimeConfig.Flavour;
import dev.loopline.runtime.stall.StallListener;
import dev.loopline.runtime.stall.StallLog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link ManagementServerRuntimeConfiguration}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ManagementServerRuntimeConfigurationTests {

	private static final String[] SEPARATE = { "management.server.port=0", "management.server.address=127.0.0.1",
			"management.endpoints.web.exposure.include=thread" };

	@BeforeEach
	@AfterEach
	void endThreadsOfReactorNetty() {
		RuntimeThreads.endThoseOfReactorNetty();
	}

	@Test
	void separateServerRunsOnRuntimeOfItsOwn(CapturedOutput output) {
		try (TestServer server = TestServer.start(App.class, SEPARATE)) {
			int port = managementPort(server);
			assertThat(port).isNotEqualTo(server.port());
			HttpResponse<String> response = TestServer.getAsync(TestServer.uri(port, "/actuator/thread")).join();
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.body()).startsWith(server.threads().prefix() + "management");
			assertThat(RuntimeThreads.ofReactorNetty()).isEmpty();
			server.close();
			server.threads().awaitNone();
			assertThat(TestServer.acceptsConnections(port)).isFalse();
		}
		assertThat(output).containsOnlyOnce("Connections run as strands");
	}

	@Test
	void runtimeIsConfiguredAsThatOfTheApplicationButSmall() {
		try (TestServer server = TestServer.start(CustomizedApp.class,
				with(SEPARATE, "loopline.stall.threshold=77ms", "loopline.coop.budget=5", "loopline.workers=1",
						"loopline.flavour=current-thread", "loopline.idle-spin=1ms"))) {
			TaskRuntimeConfig application = server.context().getBean(TaskRuntime.class).config();
			TaskRuntimeConfig management = App.managementContext
				.getBean("managementRuntime", TaskRuntimeLifecycle.class)
				.runtime()
				.config();
			for (TaskRuntimeConfig config : List.of(application, management)) {
				assertThat(config.stallThreshold()).isEqualTo(Duration.ofMillis(77));
				assertThat(config.budget()).isEqualTo(5);
				assertThat(config.eventInterval()).isEqualTo(13);
			}
			assertThat(application.stallListeners()).isNotEmpty();
			assertThat(management.stallListeners()).isEmpty();
			assertThat(management.stallLog()).isEqualTo(StallLog.OFF);
			assertThat(management.flavour()).isEqualTo(Flavour.MULTI_THREAD);
			assertThat(management.workers()).isEqualTo(1);
			assertThat(management.idleSpin()).isEqualTo(Duration.ZERO);
		}
	}

	@Test
	void routesOfTheApplicationAreNoneOfSeparateServer() {
		try (TestServer server = TestServer.start(App.class, with(SEPARATE, "loopline.web.blocking-routes=/**"))) {
			assertThat(server.get("/thread").body()).startsWith(server.threads().prefix())
				.doesNotStartWith(server.threads().prefix() + "management");
			HttpResponse<String> response = TestServer
				.getAsync(TestServer.uri(managementPort(server), "/actuator/thread"))
				.join();
			assertThat(response.body()).startsWith(server.threads().prefix() + "management");
		}
	}

	@Test
	void answersOfTheEndpointHaveTheirHeadersOnSeparateServer() {
		try (TestServer server = TestServer.start(App.class, with(SEPARATE, "management.server.base-path=/m",
				"management.endpoints.web.exposure.include=loopline"))) {
			URI console = TestServer.uri(managementPort(server), "/m/actuator/loopline/console");
			HttpResponse<String> response = TestServer.getAsync(console).join();
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.headers().firstValue("Content-Security-Policy"))
				.hasValue(EndpointHeadersMapping.POLICY);
		}
	}

	@Test
	void handlerOfSeparateServerIsDecoratedByTheUserAlone() {
		HttpHandler handler = (request, response) -> Mono.empty();
		HttpHandler decorated = (request, response) -> Mono.empty();
		HttpHandlerDecoratorFactory users = (delegate) -> decorated;
		try (TestServer server = TestServer.start(App.class, SEPARATE)) {
			assertThat(decorate(server.context(), handler)).isNotSameAs(handler);
			assertThat(decorate(App.managementContext, handler)).isSameAs(handler);
			server.context().getBeanFactory().registerSingleton("users", users);
			assertThat(decorate(App.managementContext, handler)).isSameAs(decorated);
		}
	}

	private static HttpHandler decorate(ApplicationContext context, HttpHandler handler) {
		return context.getBeanProvider(HttpHandlerDecoratorFactory.class)
			.orderedStream()
			.reduce(handler, (delegate, factory) -> factory.apply(delegate), (first, second) -> second);
	}

	@Test
	void separateServerAnswersWhileEveryThreadIsStuck() {
		CountDownLatch release = App.release;
		try (TestServer server = TestServer.start(App.class, with(SEPARATE, "loopline.blocking.threads=platform",
				"loopline.blocking.max-threads=1", "management.endpoints.web.exposure.include=health"))) {
			for (int i = 0; i < App.STUCK; i++) {
				server.getAsync("/stuck/" + i);
			}
			TaskRuntime runtime = server.context().getBean(TaskRuntime.class);
			await().until(() -> runtime.diagnostics().snapshot().handoffs().exhaustions() > 0
					&& runtime.diagnostics().snapshot().blocking().idleThreads() == 0);
			URI liveness = TestServer.uri(managementPort(server), "/actuator/health/liveness");
			assertThat(TestServer.getAsync(liveness).join().statusCode()).isEqualTo(200);
			release.countDown();
		}
	}

	@Test
	void isNotLiveWhenRuntimeHasEnded() {
		try (TestServer server = TestServer.start(App.class,
				with(SEPARATE, "management.endpoints.web.exposure.include=health"))) {
			URI liveness = TestServer.uri(managementPort(server), "/actuator/health/liveness");
			assertThat(TestServer.getAsync(liveness).join().statusCode()).isEqualTo(200);
			TaskRuntime runtime = server.context().getBean(TaskRuntime.class);
			runtime.shutdown(Duration.ZERO, Duration.ofSeconds(10)).toCompletableFuture().join();
			await().until(() -> TestServer.getAsync(liveness).join().statusCode() == 503);
		}
	}

	private static String[] with(String[] properties, String... more) {
		return Stream.concat(Stream.of(properties), Stream.of(more)).toArray(String[]::new);
	}

	@Test
	void separateServerServesAgainAfterRestartOfContext() {
		try (TestServer server = TestServer.start(App.class, SEPARATE)) {
			server.context().stop();
			server.threads().awaitNone();
			server.context().start();
			HttpResponse<String> response = TestServer
				.getAsync(TestServer.uri(managementPort(server), "/actuator/thread"))
				.join();
			assertThat(response.body()).startsWith(server.threads().prefix());
		}
	}

	@Test
	void serverOfApplicationServesManagementByDefault() {
		try (TestServer server = TestServer.start(App.class, "management.endpoints.web.exposure.include=thread")) {
			assertThat(server.get("/actuator/thread").body()).startsWith(server.threads().prefix());
		}
	}

	@Test
	void separateServerIsLeftAloneWhenUserDefinesReactorResourceFactory() {
		try (TestServer server = TestServer.start(UserResourcesApp.class, SEPARATE)) {
			HttpResponse<String> response = TestServer
				.getAsync(TestServer.uri(managementPort(server), "/actuator/thread"))
				.join();
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(server.threads().alive()).isEmpty();
		}
	}

	private static int managementPort(TestServer server) {
		return server.context().getEnvironment().getRequiredProperty("local.management.port", int.class);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

		/** Routes, of which one alone cannot take every thread. */
		private static final int STUCK = 20;

		private static final CountDownLatch release = new CountDownLatch(1);

		private static ApplicationContext managementContext;

		@EventListener
		void keep(WebServerInitializedEvent event) {
			if (WebServerApplicationContext.hasServerNamespace(event.getApplicationContext(), "management")) {
				managementContext = event.getApplicationContext();
			}
		}

		@Bean
		RouterFunction<ServerResponse> routes() {
			RouterFunctions.Builder routes = RouterFunctions.route()
				.GET("/thread", (request) -> ServerResponse.ok().bodyValue(Thread.currentThread().getName()));
			for (int i = 0; i < STUCK; i++) {
				routes.GET("/stuck/" + i, (request) -> Mono.fromCallable(() -> {
					release.await();
					return "Released";
				}).flatMap((body) -> ServerResponse.ok().bodyValue(body)));
			}
			return routes.build();
		}

		@Bean
		ThreadEndpoint threadEndpoint() {
			return new ThreadEndpoint();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class CustomizedApp extends App {

		@Bean
		TaskRuntimeConfigCustomizer customizer() {
			return (builder) -> builder.eventInterval(13);
		}

		@Bean
		StallListener listener() {
			return (stall) -> {
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class UserResourcesApp extends App {

		@Bean
		ReactorResourceFactory userResources() {
			ReactorResourceFactory factory = new ReactorResourceFactory();
			factory.setUseGlobalResources(false);
			return factory;
		}

	}

	@Endpoint(id = "thread")
	static class ThreadEndpoint {

		@ReadOperation
		Mono<String> name() {
			return Mono.fromSupplier(() -> Thread.currentThread().getName());
		}

	}

}
