package dev.loopline.demo;

import io.opentelemetry.sdk.trace.export.SpanExporter;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the traces of the demo, which go nowhere unless it is told where to.
 */
@DemoTest
class TracingTests {

	@Test
	void exportsNothingByDefault(@Autowired ApplicationContext context) {
		assertThat(context.containsBean("requestTracingHandler")).isTrue();
		assertThat(context.getBeansOfType(SpanExporter.class)).isEmpty();
	}

	@Test
	void exportsWhereItIsTold() {
		try (ConfigurableApplicationContext context = SpringApplication.run(DemoApplication.class, "--server.port=0",
				"--management.opentelemetry.tracing.export.otlp.endpoint=http://127.0.0.1:1/v1/traces")) {
			assertThat(context.getBeansOfType(SpanExporter.class)).hasSize(1);
		}
	}

	@Test
	void answersARequestThatIsPartOfATrace(@Autowired WebTestClient client) {
		client.get()
			.uri("/fan-out")
			.header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
			.exchange()
			.expectStatus()
			.isOk();
	}

}
