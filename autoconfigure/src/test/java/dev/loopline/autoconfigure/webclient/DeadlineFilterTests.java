package dev.loopline.autoconfigure.webclient;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;

import dev.loopline.autoconfigure.support.TestServer;
import dev.loopline.layers.Deadline;
import dev.loopline.layers.LayerTimeoutException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DeadlineFilter}, in a server that calls itself.
 */
class DeadlineFilterTests {

	private TestServer server;

	@AfterEach
	void stopServer() {
		this.server.close();
	}

	@Test
	void whatIsLeftOfADeadlineGoesOn() {
		this.server = TestServer.start(App.class);
		String seen = get("/call?path=/headers", "grpc-timeout", "1M").body();
		assertThat(seen).matches("x-envoy-expected-rq-timeout-ms=\\d+");
		assertThat(Long.parseLong(seen.substring(seen.indexOf('=') + 1))).isBetween(1L, 60_000L);
		assertThat(get("/call?path=/headers", "X-None", "1").body()).isEmpty();
	}

	@Test
	void timeoutOfARouteGoesOnToo() {
		this.server = TestServer.start(App.class, "loopline.web.limits.a.paths=/call",
				"loopline.web.limits.a.timeout=1m", "loopline.client.deadlines.header=grpc-timeout");
		assertThat(get("/call?path=/headers", "X-None", "1").body()).matches("grpc-timeout=\\d+m");
	}

	@Test
	void callIsGivenUpAtTheDeadlineAndIsNoFaultOfTheServer() {
		this.server = TestServer.start(App.class, "loopline.web.deadlines.enabled=false");
		// Of the client alone: the server does not know of it
		HttpResponse<String> answer = get("/call?path=/never&wait=100", "X-None", "1");
		assertThat(answer.statusCode()).isEqualTo(504);
		assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
	}

	@Test
	void callWhoseDeadlineHasPassedIsNotSent() {
		this.server = TestServer.start(App.class);
		WebClient client = this.server.context().getBean(WebClient.Builder.class).build();
		// Nobody listens there
		Mono<String> call = client.get().uri("http://127.0.0.1:1/").retrieve().bodyToMono(String.class);
		assertThatExceptionOfType(LayerTimeoutException.class)
			.isThrownBy(() -> call.contextWrite(Deadline.after(Duration.ZERO)::storeIn).block());
	}

	@Test
	void nothingGoesOnIfItIsNotWanted() {
		this.server = TestServer.start(App.class, "loopline.client.deadlines.enabled=false");
		assertThat(get("/call?path=/headers", "grpc-timeout", "1M").body()).isEmpty();
	}

	@Test
	void limitsAreAroundTheDeadlineAndTheEndpointShowsThem() {
		this.server = TestServer.start(App.class, "loopline.client.limits.self.hosts=127.0.0.1",
				"loopline.client.limits.self.attempt-timeout=100ms", "loopline.client.limits.self.retry.max-attempts=3",
				"loopline.client.limits.self.retry.backoff=1ms", "loopline.client.limits.self.concurrency.max=3",
				"management.endpoints.web.exposure.include=loopline");
		assertThat(get("/call?path=/never", "grpc-timeout", "1M").statusCode()).isEqualTo(504);
		String body = get("/actuator/loopline/clients", "X-None", "1").body();
		assertThat(body).contains("\"name\":\"self\"", "\"retried\":2", "\"timed-out\":1", "\"inFlight\":0",
				"\"maxConcurrent\":3");
	}

	@Test
	void headerIsNotWrittenIfItHasNoName() {
		this.server = TestServer.start(App.class, "loopline.client.deadlines.header=");
		assertThat(get("/call?path=/headers", "grpc-timeout", "1M").body()).isEmpty();
		assertThat(get("/call?path=/never", "grpc-timeout", "100m").statusCode()).isEqualTo(504);
	}

	private HttpResponse<String> get(String path, String header, String value) {
		HttpRequest request = HttpRequest.newBuilder(this.server.uri(path)).header(header, value).build();
		return HttpClient.newHttpClient().sendAsync(request, BodyHandlers.ofString()).join();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Handlers.class)
	static class App {

	}

	@RestController
	static class Handlers {

		private final WebClient client;

		Handlers(WebClient.Builder client) {
			this.client = client.build();
		}

		@GetMapping("/call")
		Mono<String> call(@RequestParam String path, @RequestParam(required = false) Long wait,
				ServerHttpRequest request) {
			Mono<String> answer = this.client.get()
				.uri("http://127.0.0.1:" + request.getLocalAddress().getPort() + path)
				.retrieve()
				.bodyToMono(String.class);
			return (wait != null) ? answer.contextWrite(Deadline.after(Duration.ofMillis(wait))::storeIn) : answer;
		}

		@GetMapping("/headers")
		Mono<String> headers(ServerHttpRequest request) {
			return Mono.justOrEmpty(request.getHeaders()
				.headerNames()
				.stream()
				.filter((name) -> name.contains("timeout"))
				.map((name) -> name + "=" + request.getHeaders().getFirst(name))
				.findFirst());
		}

		@GetMapping("/never")
		Mono<String> never() {
			return Mono.never();
		}

	}

}
