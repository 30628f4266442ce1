package dev.loopline.autoconfigure.web;

import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SlowRoutes}.
 */
class SlowRoutesTests {

	private final TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(1)));

	private final Strand stalled = this.runtime.newStrand();

	private final SlowRoutes routes = new SlowRoutes(true);

	@AfterEach
	void endRuntime() {
		this.runtime.close();
	}

	@Test
	void routeThatStalledIsSlowOnEveryPathOfItsPattern() {
		assertThat(this.routes.find(get("/users/18"))).isNull();
		learn("/users/17", "/users/{id}");
		assertThat(this.routes.find(get("/users/18"))).isNotNull();
		assertThat(this.routes.find(get("/users"))).isNull();
		assertThat(this.routes.find(get("/users/18/orders"))).isNull();
		assertThat(this.routes.names()).containsExactly("GET /users/{id}");
	}

	@Test
	void otherMethodsOfThePatternAreNotSlow() {
		learn("/users/17", "/users/{id}");
		assertThat(this.routes.find(MockServerHttpRequest.delete("/users/17").build())).isNull();
	}

	@Test
	void requestThatWasNeverDispatchedIsKnownByItsPath() {
		this.routes.learn(get("/filtered"), null, this.stalled);
		assertThat(this.routes.find(get("/filtered"))).isNotNull();
		assertThat(this.routes.find(get("/filtered/not"))).isNull();
		assertThat(this.routes.find(MockServerHttpRequest.post("/filtered").build())).isNull();
		this.routes.learn(MockServerHttpRequest.post("/filtered").build(), null, this.stalled);
		assertThat(this.routes.find(MockServerHttpRequest.post("/filtered").build())).isNotNull();
		// A path may hold what nobody else must see
		assertThat(this.routes.names()).isEmpty();
	}

	@Test
	void pathIsMatchedBelowTheBasePath() {
		ServerHttpRequest request = MockServerHttpRequest.get("/base/users/17").contextPath("/base").build();
		this.routes.learn(request, pattern("/users/{id}"), this.stalled);
		assertThat(this.routes.find(request)).isNotNull();
	}

	@Test
	void moreExactRouteIsInnocentOnceItWasSeen() {
		learn("/nowhere", "/**");
		assertThat(this.routes.find(get("/health"))).isNotNull();
		this.routes.compare(get("/health"), pattern("/health"));
		assertThat(this.routes.find(get("/health"))).isNull();
		assertThat(this.routes.find(get("/nowhere"))).isNotNull();
		assertThat(this.routes.names()).containsExactly("GET /**");
	}

	@Test
	void innocentPatternStandsForAllOfItsPaths() {
		learn("/nowhere", "/**");
		this.routes.compare(get("/users/17"), pattern("/users/{id}"));
		assertThat(this.routes.find(get("/users/18"))).isNull();
	}

	@Test
	void innocentRouteThatStallsIsSlow() {
		learn("/nowhere", "/**");
		this.routes.compare(get("/health"), pattern("/health"));
		learn("/health", "/health");
		assertThat(this.routes.find(get("/health"))).isNotNull();
		assertThat(this.routes.names()).containsExactly("GET /health", "GET /**");
	}

	@Test
	void slowRouteStaysSoWhenAnotherRequestOfItDidNotStall() {
		learn("/users/17", "/users/{id}");
		this.routes.compare(get("/users/18"), pattern("/users/{id}"));
		assertThat(this.routes.find(get("/users/18"))).isNotNull();
	}

	@Test
	void nothingIsComparedWhileNothingIsSlow() {
		this.routes.compare(get("/health"), pattern("/health"));
		assertThat(this.routes.isEmpty()).isTrue();
	}

	@Test
	void routeIsProbedEverMoreRarelyButForEver() {
		LearnedRoute route = learn("/slow", "/slow");
		assertThat(IntStream.rangeClosed(1, 4_000).filter((number) -> route.isProbeNext())).containsExactly(64, 128,
				256, 512, 1024, 2048, 3072);
	}

	@Test
	void strandOfASlowRouteIsSlowAndThatOfAProbeIsNot() {
		LearnedRoute route = learn("/slow", "/slow");
		assertThat(StrandInstrumentation.isSlow(route.newStrand(this.runtime, false))).isTrue();
		assertThat(StrandInstrumentation.isSlow(route.newStrand(this.runtime, true))).isFalse();
	}

	@Test
	void learningAgainDoesNotDelayTheProbe() {
		LearnedRoute route = learn("/slow", "/slow");
		assertThat(learn("/slow", "/slow")).isSameAs(route);
	}

	@Test
	void routeIsForgotten() {
		LearnedRoute slow = learn("/slow", "/slow");
		learn("/other", "/other");
		this.routes.forget(slow);
		assertThat(this.routes.find(get("/slow"))).isNull();
		assertThat(this.routes.find(get("/other"))).isNotNull();
	}

	@Test
	void pathIsForgotten() {
		this.routes.learn(get("/filtered"), null, this.stalled);
		this.routes.forget(this.routes.find(get("/filtered")));
		assertThat(this.routes.find(get("/filtered"))).isNull();
	}

	@Test
	void innocentRoutesAreForgottenWithTheLastSlowOne() {
		LearnedRoute slow = learn("/nowhere", "/**");
		this.routes.compare(get("/health"), pattern("/health"));
		this.routes.forget(slow);
		assertThat(this.routes.isEmpty()).isTrue();
	}

	@Test
	void routesAreBounded() {
		for (int i = 0; i <= SlowRoutes.MAX_PATTERNS; i++) {
			learn("/" + i, "/" + i);
		}
		assertThat(this.routes.find(get("/0"))).isNull();
		assertThat(this.routes.find(get("/" + SlowRoutes.MAX_PATTERNS))).isNotNull();
		assertThat(this.routes.names()).hasSizeLessThanOrEqualTo(SlowRoutes.MAX_PATTERNS);
	}

	@Test
	void pathsAreBounded() {
		for (int i = 0; i <= SlowRoutes.MAX_PATHS; i++) {
			this.routes.learn(get("/" + i), null, this.stalled);
		}
		assertThat(this.routes.find(get("/0"))).isNull();
		assertThat(this.routes.find(get("/" + SlowRoutes.MAX_PATHS))).isNotNull();
	}

	@Test
	void nothingIsLearnedWhenSwitchedOff() {
		SlowRoutes off = new SlowRoutes(false);
		off.learn(get("/slow"), pattern("/slow"), this.stalled);
		off.learn(get("/slow"), null, this.stalled);
		assertThat(off.find(get("/slow"))).isNull();
	}

	@Test
	void webSocketsStayOnTheirConnections() {
		ServerHttpRequest upgrade = MockServerHttpRequest.get("/echo").header("Upgrade", "websocket").build();
		this.routes.learn(upgrade, pattern("/echo"), this.stalled);
		assertThat(this.routes.find(get("/echo"))).isNull();
		learn("/nowhere", "/**");
		assertThat(this.routes.find(upgrade)).isNull();
	}

	private LearnedRoute learn(String path, String pattern) {
		this.routes.learn(get(path), pattern(pattern), this.stalled);
		return this.routes.find(get(path));
	}

	private static ServerHttpRequest get(String path) {
		return MockServerHttpRequest.get(path).build();
	}

	private static PathPattern pattern(String pattern) {
		return PathPatternParser.defaultInstance.parse(pattern);
	}

}
