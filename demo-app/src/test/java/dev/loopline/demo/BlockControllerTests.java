package dev.loopline.demo;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;

/**
 * Tests for {@link BlockController}.
 */
@DemoTest
class BlockControllerTests {

	@Autowired
	private WebTestClient client;

	@Test
	void answersAfterDelay() {
		expectBody("/block?ms=3", "Blocked for 3 ms");
	}

	@Test
	void delaysBy100MillisecondsByDefault() {
		expectBody("/block", "Blocked for 100 ms");
	}

	@Test
	void answersKeepTheirIdsOnceTheRouteIsKnownToBlock() {
		for (int i = 0; i < 5; i++) {
			String id = "block-" + i;
			this.client.get()
				.uri("/block?ms=30")
				.header("X-Request-Id", id)
				.exchange()
				.expectHeader()
				.valueEquals("X-Request-Id", id)
				.expectBody(String.class)
				.isEqualTo("Blocked for 30 ms");
			expectBody("/", "Hello, World!"); // and the connection is no longer slow
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "-1", "60001", "soon" })
	void rejectsBadDelay(String ms) {
		BadParameters.expectProblem(this.client, "/block?ms=" + ms, "ms", "a whole number from 0 to 60000");
	}

	private void expectBody(String path, String body) {
		this.client.get().uri(path).exchange().expectStatus().isOk().expectBody(String.class).isEqualTo(body);
	}

}
