package dev.loopline.autoconfigure.actuate;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.web.reactive.server.StatusAssertions;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for limits as {@link TaskRuntimeEndpoint} shows and changes them.
 */
class LimitsEndpointTests {

	private ConfigurableApplicationContext context = start("unrestricted");

	private WebTestClient client = client(this.context);

	private static ConfigurableApplicationContext start(String access) {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.REACTIVE)
			.run("--server.port=0", "--server.address=127.0.0.1",
					"--management.endpoints.web.exposure.include=loopline",
					"--management.endpoint.loopline.access=" + access, "--loopline.web.limits.held.paths=/held",
					"--loopline.web.limits.held.max-concurrent=1", "--loopline.web.limits.held.max-queue=5",
					"--loopline.web.limits.held.max-wait=1m", "--loopline.web.limits.timed.paths=/timed",
					"--loopline.web.limits.timed.timeout=1m");
	}

	private static WebTestClient client(ConfigurableApplicationContext context) {
		return WebTestClient.bindToServer()
			.baseUrl("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"))
			.responseTimeout(Duration.ofSeconds(30))
			.build();
	}

	@AfterEach
	void stop() {
		this.context.close();
	}

	private StatusAssertions post(Object body) {
		return this.client.post().uri("/actuator/loopline/limits").bodyValue(body).exchange().expectStatus();
	}

	private void expect(int maxConcurrent) {
		this.client.get()
			.uri("/actuator/loopline/limits")
			.exchange()
			.expectBody()
			.jsonPath("$.limits[?(@.name == 'held')].maxConcurrent")
			.isEqualTo(maxConcurrent);
		assertThat(this.context.getBean(MeterRegistry.class)
			.get("loopline.limits.max-concurrent")
			.tag("limit", "held")
			.gauge()
			.value()).isEqualTo(maxConcurrent);
	}

	@Test
	void whoWaitsBeginsWhenThereIsRoom() throws Exception {
		expect(1);
		Handlers handlers = this.context.getBean(Handlers.class);
		CountDownLatch answered = new CountDownLatch(2);
		for (int i = 0; i < 2; i++) {
			Thread request = new Thread(() -> {
				this.client.get().uri("/held").exchange().expectStatus().isOk();
				answered.countDown();
			}, "request");
			request.setDaemon(true);
			request.start();
		}
		// Both are in their handlers only after the change, and no request ends before
		post(Map.of("name", "held", "maxConcurrent", 2)).isNoContent();
		assertThat(handlers.entered.await(30, TimeUnit.SECONDS)).isTrue();
		expect(2);
		handlers.release.tryEmitEmpty();
		assertThat(answered.await(30, TimeUnit.SECONDS)).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "held,0,400", "held,-1,400", "timed,5,404", "none,5,404" })
	void refusesWhatCannotBe(String name, int maxConcurrent, int status) {
		post(Map.of("name", name, "maxConcurrent", maxConcurrent)).isEqualTo(status);
		expect(1);
	}

	@Test
	void refusesWhatIsNoRequest() {
		post(Map.of("name", "held")).isBadRequest()
			.expectBody()
			.jsonPath("$.detail")
			.value(String.class, (detail) -> assertThat(detail).contains("'held' and 'null'"));
		post(Map.of("name", "held", "maxConcurrent", "many")).isBadRequest()
			.expectBody()
			.jsonPath("$.detail")
			.value(String.class, (detail) -> assertThat(detail).contains("'held' and 'many'"));
		post(Map.of("maxConcurrent", 2)).isBadRequest();
		this.client.post()
			.uri("/actuator/loopline/stalls")
			.bodyValue(Map.of("name", "held", "maxConcurrent", 2))
			.exchange()
			.expectStatus()
			.isNotFound();
		expect(1);
	}

	@Test
	void whoMayOnlyReadChangesNothing() {
		this.context.close();
		this.context = start("read-only");
		this.client = client(this.context);
		post(Map.of("name", "held", "maxConcurrent", 2)).isEqualTo(405);
		expect(1);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Handlers handlers() {
			return new Handlers();
		}

	}

	@RestController
	static class Handlers {

		final CountDownLatch entered = new CountDownLatch(2);

		final Sinks.Empty<Void> release = Sinks.empty();

		@GetMapping("/held")
		Mono<Void> held() {
			this.entered.countDown();
			return this.release.asMono();
		}

	}

}
