package dev.loopline.demo;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BurnController}.
 */
@DemoTest
class BurnControllerTests {

	@Autowired
	private WebTestClient client;

	@Test
	void answersAfterTheLoop() {
		expectBody("/burn?ms=3", "Burned 3 ms in [1-9]\\d* rounds");
	}

	@Test
	void burns20MillisecondsByDefault() {
		expectBody("/burn", "Burned 20 ms in [1-9]\\d* rounds");
	}

	@ParameterizedTest
	@ValueSource(strings = { "-1", "10001", "much" })
	void rejectsBadDuration(String ms) {
		BadParameters.expectProblem(this.client, "/burn?ms=" + ms, "ms", "a whole number from 0 to 10000");
	}

	private void expectBody(String path, String pattern) {
		this.client.get()
			.uri(path)
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(String.class)
			.value((body) -> assertThat(body).matches(pattern));
	}

}
