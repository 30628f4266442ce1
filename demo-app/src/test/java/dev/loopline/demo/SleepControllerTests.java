package dev.loopline.demo;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;

/**
 * Tests for {@link SleepController}.
 */
@DemoTest
class SleepControllerTests {

	@Autowired
	private WebTestClient client;

	@Test
	void answersAfterDelay() {
		expectBody("/sleep?ms=3", "Slept 3 ms");
	}

	@Test
	void delaysBy100MillisecondsByDefault() {
		expectBody("/sleep", "Slept 100 ms");
	}

	@ParameterizedTest
	@ValueSource(strings = { "-1", "60001", "soon" })
	void rejectsBadDelay(String ms) {
		BadParameters.expectProblem(this.client, "/sleep?ms=" + ms, "ms", "a whole number from 0 to 60000");
	}

	private void expectBody(String path, String body) {
		this.client.get().uri(path).exchange().expectStatus().isOk().expectBody(String.class).isEqualTo(body);
	}

}
