package dev.loopline.autoconfigure.web;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.server.PathContainer;
import org.springframework.web.reactive.config.PathMatchConfigurer;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;

import dev.loopline.autoconfigure.support.TestServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link BlockingRoutes}.
 */
class BlockingRoutesTests {

	private static final String ROUTES = "loopline.web.blocking-routes=/where/**,/blocked,/described/*";

	/** Nor is a slow first request, of which classes are loaded, moved to the lane. */
	private static final String NO_HANDOFFS = "loopline.stall.threshold=1h";

	@Test
	void handlerNeverRunsOnAWorker() {
		try (TestServer server = TestServer.start(StreamApp.class, ROUTES)) {
			for (int i = 0; i < 20; i++) {
				assertThat(server.get("/where").body()).isEqualTo("lane ");
				assertThat(post(server, "body " + i)).isEqualTo("lane body " + i);
			}
			assertThat(server.get("/where/block").statusCode()).isEqualTo(500);
			assertThat(server.get("/described/4711").body()).isEqualTo("GET /described/{id}");
		}
	}

	@Test
	void handlerMayCallBlockWhereThatIsAllowed() {
		try (TestServer server = TestServer.start(StreamApp.class, ROUTES, "loopline.blocking.allow-block=true")) {
			assertThat(server.get("/where/block").body()).isEqualTo("blocked");
		}
	}

	@Test
	void handlerOfHttp2RequestNeverRunsOnAWorker() {
		try (TestServer server = TestServer.start(StreamApp.class, ROUTES, "server.http2.enabled=true",
				"loopline.web.strand-per-stream=false")) {
			Http2Client client = new Http2Client(server);
			for (int i = 0; i < 20; i++) {
				assertThat(client.get("/where").join()).isEqualTo("lane ");
				assertThat(client.post("/where", BodyPublishers.ofString("body")).join()).isEqualTo("lane body");
			}
		}
	}

	@Test
	void handlersOfOtherRoutesRunOnWorkers() {
		try (TestServer server = TestServer.start(StreamApp.class, NO_HANDOFFS)) {
			assertThat(server.get("/where").body()).isEqualTo("worker ");
			assertThat(post(server, "body")).isEqualTo("worker body");
		}
	}

	@Test
	void pathIsMatchedBelowTheBasePath() {
		try (TestServer server = TestServer.start(StreamApp.class, ROUTES, "spring.webflux.base-path=/base")) {
			assertThat(server.get("/base/where").body()).isEqualTo("lane ");
		}
	}

	@Test
	void noHandoffIsNeeded() {
		try (TestServer server = TestServer.start(StreamApp.class, ROUTES, NO_HANDOFFS)) {
			Gate gate = server.context().getBean(Gate.class);
			List<CompletableFuture<String>> blocked = List.of(server.getAsync("/blocked").thenApply((r) -> r.body()),
					server.getAsync("/blocked").thenApply((r) -> r.body()),
					server.getAsync("/blocked").thenApply((r) -> r.body()));
			gate.awaitEntered(3);
			for (int i = 0; i < 20; i++) {
				assertThat(server.get("/context").body()).isEqualTo("/context");
			}
			gate.open();
			assertThat(blocked).allSatisfy((response) -> assertThat(response.join()).isEqualTo("freed"));
		}
	}

	@Test
	void matchesLikeTheMappingOfAController() {
		BlockingRoutes routes = parse("/reports/**", "users/{id}/export");
		assertThat(routes.match(PathContainer.parsePath("/reports/2026/q1"))).isNotNull();
		assertThat(routes.match(PathContainer.parsePath("/users/7/export"))).isNotNull();
		assertThat(routes.match(PathContainer.parsePath("/users/7"))).isNull();
		assertThat(parse().isEmpty()).isTrue();
	}

	@Test
	void refusesWhatIsNoPattern() {
		assertThatExceptionOfType(InvalidBlockingRouteException.class).isThrownBy(() -> parse("/fine", "/users/{id"))
			.satisfies((ex) -> {
				FailureAnalysis analysis = new InvalidBlockingRouteFailureAnalyzer().analyze(ex);
				assertThat(analysis.getDescription()).contains("'/users/{id'", "'loopline.web.blocking-routes'",
						"position ");
				assertThat(analysis.getAction()).contains("/reports/**");
			});
	}

	@Test
	void ignoresCaseWhereControllersDo() {
		try (TestServer server = TestServer.start(CaseInsensitiveApp.class, "loopline.web.blocking-routes=where")) {
			assertThat(server.get("/WHERE").body()).isEqualTo("lane ");
		}
	}

	private static BlockingRoutes parse(String... patterns) {
		return BlockingRoutes.parse(List.of(patterns), PathPatternParser.defaultInstance);
	}

	private static String post(TestServer server, String body) {
		return HttpClient.create()
			.post()
			.uri(server.uri("/where").toString())
			.send(ByteBufFlux.fromString(Mono.just(body)))
			.responseContent()
			.aggregate()
			.asString()
			.block();
	}

	@Configuration(proxyBeanMethods = false)
	@Import(StreamApp.class)
	static class CaseInsensitiveApp implements WebFluxConfigurer {

		@Override
		public void configurePathMatching(PathMatchConfigurer configurer) {
			configurer.setUseCaseSensitiveMatch(false);
		}

	}

}
