package dev.loopline.autoconfigure.actuate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Mono;

import dev.loopline.autoconfigure.support.TestServer;
import dev.loopline.runtime.Strand;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ManagementPriorityAutoConfiguration}.
 */
class ManagementPriorityAutoConfigurationTests {

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
