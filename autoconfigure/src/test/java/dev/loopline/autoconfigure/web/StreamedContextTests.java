package dev.loopline.autoconfigure.web;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.micrometer.context.ContextRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;

import dev.loopline.autoconfigure.support.TestServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for thread-locals that Reactor keeps in step with the context, in bodies that are
 * asked for by the connection.
 */
class StreamedContextTests {

	private static final String KEY = "loopline.test.user";

	private static final ThreadLocal<String> USER = new ThreadLocal<>();

	private static final int PARTS = 300;

	@BeforeEach
	void register() {
		ContextRegistry.getInstance().registerThreadLocalAccessor(KEY, USER);
	}

	@AfterEach
	void unregister() {
		Hooks.disableAutomaticContextPropagation();
		ContextRegistry.getInstance().removeThreadLocalAccessor(KEY);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/none", "/**" })
	void everyPartHasTheThreadLocalsOfItsRequest(String blockingRoutes) {
		try (TestServer server = TestServer.start(App.class, "spring.reactor.context-propagation=auto",
				"loopline.web.blocking-routes=" + blockingRoutes)) {
			for (int i = 0; i < 10; i++) {
				String user = "user" + i;
				assertThat(server.get("/parts?user=" + user).body())
					.isEqualTo(IntStream.range(0, PARTS).mapToObj((part) -> user + "\n").collect(Collectors.joining()));
			}
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Controller.class)
	static class App {

		@Bean
		WebFilter user() {
			return (exchange, chain) -> {
				String user = exchange.getRequest().getQueryParams().getFirst("user");
				return chain.filter(exchange).contextWrite((context) -> context.put(KEY, user));
			};
		}

	}

	@RestController
	static class Controller {

		@GetMapping(path = "/parts", produces = MediaType.APPLICATION_NDJSON_VALUE)
		Flux<String> parts(@RequestParam String user) {
			return Flux.range(0, PARTS).map((part) -> USER.get() + "\n");
		}

	}

}
