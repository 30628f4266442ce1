package dev.loopline.demo;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;

/**
 * Tests for {@link FanOutController}.
 */
@DemoTest
class FanOutControllerTests {

	@Autowired
	private WebTestClient client;

	@Test
	void putsTheResultsOfAllTasksTogether() {
		this.client.get()
			.uri("/fan-out?tasks=1000&ms=5")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(String.class)
			.isEqualTo("Sum of 1000 tasks: 499500");
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "10001", "many" })
	void rejectsBadNumberOfTasks(String tasks) {
		BadParameters.expectProblem(this.client, "/fan-out?tasks=" + tasks, "tasks", "a whole number from 1 to 10000");
	}

}
