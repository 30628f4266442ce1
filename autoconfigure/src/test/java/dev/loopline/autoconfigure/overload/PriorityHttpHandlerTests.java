package dev.loopline.autoconfigure.overload;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Mono;

import dev.loopline.autoconfigure.support.TestServer;
import dev.loopline.runtime.Strand;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PriorityHttpHandler}.
 */
class PriorityHttpHandlerTests {

	@ParameterizedTest
	@CsvSource({ "'',/actuator,HIGH", "'',/actuator/health,HIGH", "'',/actuators,NORMAL", "'',/,NORMAL",
			"/base,/base/actuator/health,HIGH", "/base,/actuator/health,NORMAL" })
	void pathsOfTheActuatorHavePriority(String basePath, String path, String priority) {
		try (TestServer server = TestServer.start(App.class, "spring.webflux.base-path=" + basePath)) {
			if (path.startsWith(basePath)) {
				assertThat(server.get(path).headers().firstValue("Priority")).contains(priority);
			}
			else {
				assertThat(server.get(path).statusCode()).isEqualTo(HttpStatus.NOT_FOUND.value());
			}
		}
	}

	@Test
	void connectionLosesItsPriorityWithTheNextRequest() {
		try (TestServer server = TestServer.start(App.class)) {
			assertThat(server.get("/actuator").headers().firstValue("Priority")).contains("HIGH");
			assertThat(server.get("/").headers().firstValue("Priority")).contains("NORMAL");
			assertThat(server.get("/actuator").headers().firstValue("Priority")).contains("HIGH");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "loopline.web.priority.critical=/pay", "loopline.web.overload=off",
			"loopline.web.limits.pay.paths=/pay", "loopline.web.blocking-routes=/pay" })
	void criticalRequestsHavePriority(String property) {
		String[] properties = { property, "loopline.web.limits.pay.priority=critical",
				"loopline.web.limits.pay.paths=/pay" };
		try (TestServer server = TestServer.start(App.class, properties)) {
			server.get("/pay");
			assertThat(server.get("/pay").headers().firstValue("Priority")).contains("HIGH");
			assertThat(server.get("/").headers().firstValue("Priority")).contains("NORMAL");
		}
	}

	@Test
	void whatIsRefusedTakesThePriorityAway() {
		try (TestServer server = TestServer.start(App.class)) {
			HttpHandlerDecoratorFactory[] decorators = server.context()
				.getBeanProvider(HttpHandlerDecoratorFactory.class)
				.orderedStream()
				.toArray(HttpHandlerDecoratorFactory[]::new);
			HttpHandler nothing = (request, response) -> Mono.empty();
			assertThat(decorators[0].apply(nothing)).isInstanceOf(PriorityHttpHandler.class);
			assertThat(decorators[1].apply(nothing)).isInstanceOf(AdmissionHttpHandler.class);
		}
	}

	@Test
	void streamOfASharedConnectionHasPriority() {
		HttpClient client = HttpClient.newHttpClient();
		try (TestServer server = TestServer.start(App.class, "server.http2.enabled=true")) {
			for (int i = 0; i < 3; i++) {
				assertThat(priority(client, server.uri("/actuator"))).contains("HIGH");
				assertThat(priority(client, server.uri("/"))).contains("NORMAL");
			}
		}
	}

	private static Optional<String> priority(HttpClient client, URI uri) {
		HttpResponse<Void> response = client
			.sendAsync(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
			.join();
		assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
		return response.headers().firstValue("Priority");
	}

	@Test
	void actuatorUnderTheRootHasNoPriority() {
		try (TestServer server = TestServer.start(App.class, "management.endpoints.web.base-path=/")) {
			assertThat(server.get("/health").headers().firstValue("Priority")).contains("NORMAL");
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		WebFilter priorityTeller() {
			return (exchange, chain) -> {
				Strand strand = Strand.current();
				exchange.getResponse().getHeaders().set("Priority", (strand != null) ? strand.priority().name() : "");
				return chain.filter(exchange).then(Mono.empty());
			};
		}

	}

}
