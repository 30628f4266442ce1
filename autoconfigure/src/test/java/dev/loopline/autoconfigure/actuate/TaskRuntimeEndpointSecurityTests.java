package dev.loopline.autoconfigure.actuate;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.userdetails.MapReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.test.web.reactive.server.WebTestClient;

import dev.loopline.autoconfigure.support.TestServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TaskRuntimeEndpoint} behind Spring Security.
 */
class TaskRuntimeEndpointSecurityTests {

	private static TestServer server;

	private static WebTestClient client;

	@BeforeAll
	static void startServer() {
		server = TestServer.start(Application.class, "management.endpoints.web.exposure.include=loopline",
				"management.endpoint.loopline.access=unrestricted");
		client = WebTestClient.bindToServer().baseUrl(server.uri("/actuator/loopline").toString()).build();
	}

	@AfterAll
	static void stopServer() {
		server.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "/workers", "/strands", "/tasks", "/stalls", "/stream", "/console", "/console.js" })
	void strangerSeesNothing(String path) {
		byte[] body = client.get()
			.uri(path)
			.exchange()
			.expectStatus()
			.isUnauthorized()
			.expectBody()
			.returnResult()
			.getResponseBody();
		assertThat(body).isNullOrEmpty();
		assertThat(server.context().getBean(TaskRuntimeEndpoint.class).subscribers()).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "/strands", "/console" })
	void userSeesEverything(String path) {
		client.get()
			.uri(path)
			.headers((headers) -> headers.setBasicAuth("user", "secret"))
			.exchange()
			.expectStatus()
			.isOk();
	}

	@Test
	void userWhoIsLuredToAnotherSiteChangesNothing() {
		client.delete()
			.uri("/stalls")
			.headers((headers) -> headers.setBasicAuth("user", "secret"))
			.exchange()
			.expectStatus()
			.isEqualTo(HttpStatus.FORBIDDEN);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableWebFluxSecurity
	static class Application {

		@Bean
		SecurityWebFilterChain everythingForUsers(ServerHttpSecurity http) {
			return http.authorizeExchange((exchange) -> exchange.anyExchange().authenticated())
				.httpBasic(Customizer.withDefaults())
				.build();
		}

		@Bean
		MapReactiveUserDetailsService users() {
			return new MapReactiveUserDetailsService(
					User.withUsername("user").password("{noop}secret").authorities("USER").build());
		}

	}

}
