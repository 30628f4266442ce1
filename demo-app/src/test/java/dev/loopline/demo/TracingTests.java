package dev.loopline.demo;

import java.util.Arrays;

import io.micrometer.tracing.Tracer;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.publisher.Hooks;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the profile in which the demo takes part in traces.
 */
@DemoTest
class TracingTests {

	@AfterEach
	void reset() {
		Hooks.disableAutomaticContextPropagation();
	}

	@Test
	void tracesNothingByDefault(@Autowired ApplicationContext context) {
		assertThat(context.getBeansOfType(Tracer.class)).isEmpty();
		assertThat(context.containsBean("requestTracingHandler")).isFalse();
	}

	@Test
	void tracesInItsProfile() {
		try (ConfigurableApplicationContext context = start()) {
			assertThat(context.containsBean("requestTracingHandler")).isTrue();
			assertThat(context.getBeansOfType(SpanExporter.class)).isEmpty();
			String port = context.getEnvironment().getRequiredProperty("local.server.port");
			WebTestClient.bindToServer()
				.baseUrl("http://127.0.0.1:" + port)
				.build()
				.get()
				.uri("/fan-out")
				.header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
				.exchange()
				.expectStatus()
				.isOk();
		}
	}

	@Test
	void exportsWhereItIsTold() {
		try (ConfigurableApplicationContext context = start(
				"--management.opentelemetry.tracing.export.otlp.endpoint=http://127.0.0.1:1/v1/traces")) {
			assertThat(context.getBeansOfType(SpanExporter.class)).hasSize(1);
		}
	}

	private static ConfigurableApplicationContext start(String... more) {
		SpringApplication application = new SpringApplication(DemoApplication.class);
		application.setAdditionalProfiles("tracing");
		String[] arguments = Arrays.copyOf(more, more.length + 1);
		arguments[more.length] = "--server.port=0";
		return application.run(arguments);
	}

}
