package dev.loopline.autoconfigure.reactor;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

import dev.loopline.autoconfigure.support.RuntimeThreads;
import dev.loopline.autoconfigure.support.TestServer;
import dev.loopline.runtime.TaskRuntimeConfig.Flavour;
import dev.loopline.runtime.netty.Transport;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for servers and clients of a whole application.
 */
@ExtendWith(OutputCaptureExtension.class)
class ServerTests {

	private static final String START_UP_LINE = "Connections run as strands";

	@BeforeEach
	@AfterEach
	void endThreadsOfReactorNetty() {
		RuntimeThreads.endThoseOfReactorNetty();
	}

	@Test
	void requestIsServedOnThreadOfRuntime() {
		try (TestServer server = TestServer.start(App.class)) {
			HttpResponse<String> response = server.get("/thread");
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.body()).startsWith(server.threads().prefix());
		}
	}

	@Test
	void blockIsRefusedOnWorkers() {
		try (TestServer server = TestServer.start(App.class)) {
			HttpResponse<String> response = server.get("/blocking-call");
			assertThat(response.body()).contains("block()/blockFirst()/blockLast() are blocking");
		}
	}

	@Test
	void blockIsPermittedWhereAllowed() {
		try (TestServer guarded = TestServer.start(App.class);
				TestServer server = TestServer.start(App.class, "loopline.blocking.allow-block=true")) {
			for (int i = 0; i < 10; i++) {
				assertThat(server.get("/blocking-call").body()).isEqualTo("0");
			}
			assertThat(guarded.get("/thread").statusCode()).isEqualTo(200);
			assertThat(guarded.get("/blocking-call").body()).contains("are blocking");
		}
	}

	@Test
	void noThreadOfReactorNettyIsStarted() {
		try (TestServer server = TestServer.start(App.class)) {
			assertThat(server.get("/thread").statusCode()).isEqualTo(200);
			assertThat(server.get("/proxy?uri=" + server.uri("/thread")).statusCode()).isEqualTo(200);
			assertThat(RuntimeThreads.ofReactorNetty()).isEmpty();
		}
	}

	@Test
	void saysOnceHowConnectionsAreRun(CapturedOutput output) {
		try (TestServer server = TestServer.start(App.class)) {
			assertThat(server.get("/thread").statusCode()).isEqualTo(200);
		}
		String transport = Transport.AUTO.resolve().name().toLowerCase();
		assertThat(output.getOut()).containsOnlyOnce(START_UP_LINE)
			.contains(START_UP_LINE + ": 2 workers, multi-thread, " + transport + " transport");
	}

	@Test
	void saysNothingWhenDisabled(CapturedOutput output) {
		try (TestServer server = TestServer.start(App.class, "loopline.enabled=false")) {
			assertThat(server.port()).isPositive();
		}
		assertThat(output).doesNotContain(START_UP_LINE);
	}

	@Test
	void nioTransportServes(CapturedOutput output) {
		try (TestServer server = TestServer.start(App.class, "loopline.netty.transport=nio")) {
			assertThat(server.get("/thread").body()).startsWith(server.threads().prefix());
			assertThat(server.get("/proxy?uri=" + server.uri("/thread")).body()).startsWith(server.threads().prefix());
		}
		assertThat(output).contains("2 workers, multi-thread, nio transport");
	}

	@Test
	void currentThreadFlavourServes(CapturedOutput output) {
		try (TestServer server = TestServer.start(App.class, "loopline.flavour=" + Flavour.CURRENT_THREAD,
				"loopline.workers=1")) {
			assertThat(server.get("/thread").body()).startsWith(server.threads().prefix());
			assertThat(server.get("/proxy?uri=" + server.uri("/thread")).body()).startsWith(server.threads().prefix());
		}
		assertThat(output).contains("1 workers, current-thread, ");
	}

	@Test
	void clearTextHttp2IsServed() throws Exception {
		try (TestServer server = TestServer.start(App.class, "server.http2.enabled=true")) {
			HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
			HttpResponse<String> response = client.send(HttpRequest.newBuilder(server.uri("/thread")).build(),
					HttpResponse.BodyHandlers.ofString());
			assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
			assertThat(response.body()).startsWith(server.threads().prefix());
		}
	}

	@Test
	void clientOfSpringBootRunsOnSameRuntime() {
		try (TestServer server = TestServer.start(App.class)) {
			ClientHttpConnector connector = server.context().getBean(ClientHttpConnector.class);
			String thread = WebClient.builder()
				.clientConnector(connector)
				.build()
				.get()
				.uri(server.uri("/thread"))
				.retrieve()
				.bodyToMono(String.class)
				.map((body) -> Thread.currentThread().getName())
				.block();
			assertThat(thread).startsWith(server.threads().prefix());
		}
	}

	@Test
	void clientResolvesHostNamesOnSameRuntime() {
		try (TestServer server = TestServer.start(App.class)) {
			URI byName = URI.create("http://localhost:" + server.port() + "/thread");
			assertThat(server.get("/proxy?uri=" + byName).body()).startsWith(server.threads().prefix());
			assertThat(RuntimeThreads.ofReactorNetty()).isEmpty();
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

		@Bean
		RouterFunction<ServerResponse> routes(ClientHttpConnector connector) {
			WebClient client = WebClient.builder().clientConnector(connector).build();
			return RouterFunctions.route()
				.GET("/thread",
						(request) -> ServerResponse.ok()
							.body(Mono.fromSupplier(() -> Thread.currentThread().getName()), String.class))
				.GET("/blocking-call", (request) -> ServerResponse.ok().bodyValue(blockingCall()))
				.GET("/proxy",
						(request) -> client.get()
							.uri(URI.create(request.queryParam("uri").orElseThrow()))
							.retrieve()
							.bodyToMono(String.class)
							.flatMap((body) -> ServerResponse.ok().bodyValue(body)))
				.build();
		}

		private static String blockingCall() {
			try {
				return String.valueOf(Mono.delay(Duration.ofMillis(1)).block());
			}
			catch (IllegalStateException ex) {
				return String.valueOf(ex.getMessage());
			}
		}

	}

}
