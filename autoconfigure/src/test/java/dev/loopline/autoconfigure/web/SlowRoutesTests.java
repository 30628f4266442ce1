package dev.loopline.autoconfigure.web;

import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

import dev.loopline.autoconfigure.Refusals;
import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SlowRoutes}.
 */
class SlowRoutesTests {

	private static final LineLimits LIMITS = new LineLimits(null, Duration.ofSeconds(10), new Refusals());

	private final TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(1)));

	private final Strand stalled = this.runtime.newStrand();

	private long now = 17;

	private final SlowRoutes routes = new SlowRoutes(true, LIMITS, () -> this.now);

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
		this.routes.learn(get("/filtered"), null, this.stalled, false);
		assertThat(this.routes.find(get("/filtered"))).isNotNull();
		assertThat(this.routes.find(get("/filtered/not"))).isNull();
		assertThat(this.routes.find(MockServerHttpRequest.post("/filtered").build())).isNull();
		this.routes.learn(MockServerHttpRequest.post("/filtered").build(), null, this.stalled, false);
		assertThat(this.routes.find(MockServerHttpRequest.post("/filtered").build())).isNotNull();
		// A path may hold what nobody else must see
		assertThat(this.routes.names()).isEmpty();
	}

	@Test
	void pathIsMatchedBelowTheBasePath() {
		ServerHttpRequest request = MockServerHttpRequest.get("/base/users/17").contextPath("/base").build();
		this.routes.learn(request, pattern("/users/{id}"), this.stalled, false);
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
	void strandOfASlowRouteIsSlow() {
		LearnedRoute route = learn("/slow", "/slow");
		assertThat(StrandInstrumentation.isSlow(route.newStrand(this.runtime))).isTrue();
	}

	@Test
	void routeIsForgottenWhenTenRequestsInARowHaveNotStalled() {
		LearnedRoute slow = learn("/slow", "/slow");
		learn("/other", "/other");
		end(slow, 10);
		assertThat(this.routes.find(get("/slow"))).isNull();
		assertThat(this.routes.find(get("/other"))).isNotNull();
	}

	@Test
	void requestThatStallsMakesTheOthersCountAnew() {
		LearnedRoute slow = learn("/slow", "/slow");
		for (int i = 0; i < 10; i++) {
			end(slow, PastStalls.FEW - 1);
			this.routes.ended(slow, true);
		}
		assertThat(this.routes.find(get("/slow"))).isSameAs(slow);
		end(slow, PastStalls.FEW);
		assertThat(this.routes.find(get("/slow"))).isNull();
	}

	@Test
	void routeThatStallsEachTimeThatItWasForgottenIsForgottenEverMoreRarely() {
		int[] expected = { PastStalls.FEW, PastStalls.FEW, 64, 512, PastStalls.MANY, PastStalls.MANY };
		for (int requests : expected) {
			LearnedRoute slow = learn("/slow", "/slow");
			end(slow, requests - 1);
			assertThat(this.routes.find(get("/slow"))).isSameAs(slow);
			end(slow, 1);
			assertThat(this.routes.find(get("/slow"))).isNull();
		}
	}

	@Test
	void routeThatHasNotStalledForAMinuteIsTrustedAgain() {
		for (int i = 0; i < 5; i++) {
			end(learn("/slow", "/slow"), PastStalls.FEW);
			assertThat(this.routes.find(get("/slow"))).isNull();
			this.now += PastStalls.MEMORY_NANOS;
		}
	}

	@Test
	void threadThatLoadsAClassTeachesNothingTheFirstTime() {
		this.routes.learn(get("/users/17"), pattern("/users/{id}"), this.stalled, true);
		assertThat(this.routes.isEmpty()).isTrue();
		this.routes.learn(get("/users/18"), pattern("/users/{id}"), this.stalled, true);
		assertThat(this.routes.find(get("/users/19"))).isNotNull();
	}

	@Test
	void requestThatWasDispatchedAfterItHadStalledIsKnownByItsPattern() {
		this.routes.learn(get("/users/17"), null, this.stalled, false);
		learn("/users/17", "/users/{id}");
		end(this.routes.find(get("/users/17")), PastStalls.FEW);
		assertThat(this.routes.find(get("/users/17"))).isNull();
	}

	@Test
	void filterThatStallsOnManyPathsIsSlowOnAllBelowTheSameSegment() {
		for (int i = 1; i < SlowRoutes.MANY_PATHS; i++) {
			this.routes.learn(get("/orders/" + i), null, this.stalled, false);
		}
		this.routes.learn(get("/other/17"), null, this.stalled, false);
		assertThat(this.routes.find(get("/orders/new"))).isNull();
		this.routes.learn(get("/orders/8/items"), null, this.stalled, false);
		assertThat(this.routes.find(get("/orders/new"))).isNotNull();
		assertThat(this.routes.find(get("/orders/9/items"))).isNotNull();
		assertThat(this.routes.find(get("/other/18"))).isNull();
		assertThat(this.routes.find(get("/"))).isNull();
		assertThat(this.routes.names()).isEmpty();
		this.routes.compare(get("/orders/new"), pattern("/orders/new"));
		assertThat(this.routes.find(get("/orders/new"))).isNull();
		end(this.routes.find(get("/orders/99")), PastStalls.FEW);
		assertThat(this.routes.find(get("/orders/99"))).isNull();
	}

	@Test
	void filterThatStallsOnManyPathsOfOneSegmentLeavesDeeperOnesAlone() {
		for (int i = 1; i <= SlowRoutes.MANY_PATHS; i++) {
			this.routes.learn(get("/" + i), null, this.stalled, false);
		}
		assertThat(this.routes.find(get("/new"))).isNotNull();
		assertThat(this.routes.find(get("/orders/1"))).isNull();
		assertThat(this.routes.find(get("/"))).isNull();
	}

	@Test
	void pathsThatMakeNoPatternAreKnownOneByOne() {
		for (int i = 0; i < 2 * SlowRoutes.MANY_PATHS; i++) {
			this.routes.learn(MockServerHttpRequest.get("/%7Bid/{number}", i).build(), null, this.stalled, false);
		}
		assertThat(this.routes.isEmpty()).isTrue();
	}

	@Test
	void learningAgainDoesNotMakeTheOthersCountAnew() {
		LearnedRoute route = learn("/slow", "/slow");
		assertThat(learn("/slow", "/slow")).isSameAs(route);
	}

	@Test
	void pathIsForgotten() {
		this.routes.learn(get("/filtered"), null, this.stalled, false);
		end(this.routes.find(get("/filtered")), PastStalls.FEW);
		assertThat(this.routes.find(get("/filtered"))).isNull();
	}

	@Test
	void innocentRoutesAreForgottenWithTheLastSlowOne() {
		LearnedRoute slow = learn("/nowhere", "/**");
		this.routes.compare(get("/health"), pattern("/health"));
		end(slow, PastStalls.FEW);
		assertThat(this.routes.isEmpty()).isTrue();
	}

	@Test
	void routesAreBounded() {
		for (int i = 0; i <= SlowRoutes.MAX_PATTERNS; i++) {
			learn("/" + i, "/" + i);
		}
		assertThat(this.routes.find(get("/0"))).isNull();
		assertThat(this.routes.find(get("/" + SlowRoutes.MAX_PATTERNS))).isNotNull();
		assertThat(this.routes.names()).hasSize(SlowRoutes.MAX_PATTERNS);
	}

	@Test
	void innocentRoutesMakeRoomFirst() {
		learn("/nowhere", "/**");
		this.routes.compare(get("/health"), pattern("/health"));
		for (int i = 2; i <= SlowRoutes.MAX_PATTERNS; i++) {
			learn("/" + i, "/" + i);
		}
		assertThat(this.routes.names()).hasSize(SlowRoutes.MAX_PATTERNS).contains("GET /**");
	}

	@Test
	void pathsAreBounded() {
		for (int i = 0; i <= SlowRoutes.MAX_PATHS; i++) {
			this.routes.learn(get("/" + i + "/x"), null, this.stalled, false);
		}
		assertThat(this.routes.find(get("/0/x"))).isNull();
		assertThat(this.routes.find(get("/" + SlowRoutes.MAX_PATHS + "/x"))).isNotNull();
	}

	@Test
	void nothingIsLearnedWhenSwitchedOff() {
		SlowRoutes off = SlowRoutes.none();
		off.learn(get("/slow"), pattern("/slow"), this.stalled, false);
		off.learn(get("/slow"), null, this.stalled, false);
		assertThat(off.find(get("/slow"))).isNull();
	}

	@Test
	void webSocketsStayOnTheirConnections() {
		ServerHttpRequest upgrade = MockServerHttpRequest.get("/echo").header("Upgrade", "websocket").build();
		this.routes.learn(upgrade, pattern("/echo"), this.stalled, false);
		assertThat(this.routes.find(get("/echo"))).isNull();
		learn("/nowhere", "/**");
		assertThat(this.routes.find(upgrade)).isNull();
	}

	private LearnedRoute learn(String path, String pattern) {
		this.routes.learn(get(path), pattern(pattern), this.stalled, false);
		return this.routes.find(get(path));
	}

	private void end(LearnedRoute route, int requests) {
		for (int i = 0; i < requests; i++) {
			this.routes.ended(route, false);
		}
	}

	private static ServerHttpRequest get(String path) {
		return MockServerHttpRequest.get(path).build();
	}

	private static PathPattern pattern(String pattern) {
		return PathPatternParser.defaultInstance.parse(pattern);
	}

}
