package dev.loopline.autoconfigure.web;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

import dev.loopline.autoconfigure.support.TestServer;
import dev.loopline.runtime.RuntimeThreads;
import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;
import dev.loopline.runtime.stall.WorkContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BlockingHandlerExecutor}, and for Spring's executor beside the
 * runtime.
 */
class BlockingHandlerExecutorTests {

	private static final String ENABLED = "spring.threads.virtual.enabled=true";

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void handlerThatReturnsNoPublisherMayBlockOnAStrandThatKnowsItsRoute() throws Exception {
		try (TestServer server = TestServer.start(App.class, ENABLED)) {
			assertThat(server.get("/where").body()).isEqualTo("GET /where, may block");
			assertThat(server.get("/wait").body()).isEqualTo("waited");
		}
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void handlerThatReturnsAPublisherStaysWhereItIs() throws Exception {
		try (TestServer server = TestServer.start(App.class, ENABLED)) {
			assertThat(server.get("/mono").body()).isEqualTo("GET /mono, must not block");
		}
	}

	@Test
	void withoutThatHandlersStayWhereTheyAre() throws Exception {
		try (TestServer server = TestServer.start(App.class)) {
			assertThat(server.get("/where").body()).isEqualTo("GET /where, must not block");
		}
	}

	@Test
	void runtimeIsNoReasonForSpringBootNotToMakeItsExecutor() throws IOException {
		try (TestServer server = TestServer.start(App.class)) {
			assertThat(server.context().containsBean("applicationTaskExecutor")).isTrue();
		}
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@RestController
	static class App {

		@GetMapping("/where")
		String where() {
			Strand strand = Strand.current();
			WorkContext context = (strand != null) ? StrandInstrumentation.context(strand) : null;
			String route = (context != null) ? context.describe().route() : "nowhere";
			return route + (RuntimeThreads.mayBlock() ? ", may block" : ", must not block");
		}

		@GetMapping("/mono")
		Mono<String> mono() {
			return Mono.fromSupplier(this::where);
		}

		@GetMapping("/wait")
		String await() {
			return Mono.just("waited").hide().block();
		}

	}

}
