package dev.loopline.autoconfigure.actuate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import dev.loopline.autoconfigure.support.TestServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EndpointMatchingAutoConfiguration}.
 */
class EndpointMatchingAutoConfigurationTests {

	@ParameterizedTest
	@ValueSource(strings = { "loopline.web.skip-endpoint-matching=true", "loopline.web.skip-endpoint-matching=false",
			"spring.webflux.base-path=/base", "management.endpoints.web.base-path=/manage" })
	void endpointsAndRoutesAnswerAsBefore(String property) {
		String basePath = property.startsWith("spring.webflux") ? "/base" : "";
		String endpoints = basePath + (property.startsWith("management") ? "/manage" : "/actuator");
		try (TestServer server = TestServer.start(App.class, property)) {
			assertThat(server.get(basePath + "/hello").body()).isEqualTo("hello");
			assertThat(server.get(basePath + "/actuators").body()).isEqualTo("not the actuator");
			assertThat(server.get(endpoints).body()).contains("health");
			assertThat(server.get(endpoints + "/health").body()).contains("UP");
			assertThat(server.get(endpoints + "/no-endpoint").statusCode()).isEqualTo(404);
			assertThat(server.get(basePath + "/no-route").statusCode()).isEqualTo(404);
		}
	}

	@Test
	void endpointsUnderTheRootAreFound() {
		try (TestServer server = TestServer.start(App.class, "management.endpoints.web.base-path=/")) {
			assertThat(server.get("/health").body()).contains("UP");
			assertThat(server.get("/hello").body()).isEqualTo("hello");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "loopline.web.skip-endpoint-matching=false", "management.server.port=0",
			"loopline.enabled=false" })
	void everyRequestIsComparedWhereNothingIsToBeSpared(String property) {
		try (TestServer server = TestServer.start(App.class, property)) {
			assertThat(server.context().getBeansOfType(ApplicationHandlerMapping.class)).isEmpty();
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@RestController
	static class App {

		@GetMapping("/hello")
		String hello() {
			return "hello";
		}

		@GetMapping("/actuators")
		String other() {
			return "not the actuator";
		}

	}

}
