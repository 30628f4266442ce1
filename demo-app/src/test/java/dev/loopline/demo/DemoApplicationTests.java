package dev.loopline.demo;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DemoApplication}.
 */
@DemoTest
class DemoApplicationTests {

	@Autowired
	private WebTestClient client;

	@Test
	void listensOnPort3000OfTheLoopbackAddressByDefault() throws IOException {
		PropertySource<?> defaults = new YamlPropertySourceLoader()
			.load("defaults", new ClassPathResource("application.yaml"))
			.get(0);
		assertThat(defaults.getProperty("server.address")).isEqualTo("127.0.0.1");
		assertThat(defaults.getProperty("server.port")).isEqualTo(3000);
	}

	@Test
	void clientAndServerHaveTheSameReactorResources(@Autowired ApplicationContext context) {
		assertThat(context.getBeansOfType(ReactorResourceFactory.class)).hasSize(1);
	}

	@ParameterizedTest
	@CsvSource({ "health, 200", "info, 200", "metrics, 200", "metrics/jvm.threads.live, 200",
			"metrics/loopline.workers, 200", "prometheus, 200", "loopline, 200", "loopline/tasks, 200",
			"loopline/console, 200", "env, 404", "beans, 404" })
	void exposesWhatShowsItAtWork(String endpoint, int status) {
		this.client.get()
			.uri("/actuator/" + endpoint)
			.exchange()
			.expectStatus()
			.isEqualTo(status)
			.expectBody()
			.returnResult();
	}

	@Test
	void reportsUnknownPathAsProblem() {
		this.client.get()
			.uri("/nowhere")
			.exchange()
			.expectStatus()
			.isNotFound()
			.expectBody()
			.jsonPath("$.status")
			.isEqualTo(404);
	}

}
