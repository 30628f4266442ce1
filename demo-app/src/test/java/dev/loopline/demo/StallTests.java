package dev.loopline.demo;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;

import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.stall.Culprit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for what is known of a handler that keeps its thread.
 */
@DemoTest
class StallTests {

	@Autowired
	private WebTestClient client;

	@Autowired
	private TaskRuntime runtime;

	/**
	 * Asks more than once: a sample of the first request may show how it warms up.
	 */
	@ParameterizedTest
	@CsvSource({ "/block, BlockController, block", "/burn, BurnController, burn" })
	void handlerIsNamedWithItsRouteAndLine(String path, String type, String method) {
		String name = "dev.loopline.demo.%s.%s".formatted(type, method);
		Culprit culprit = await().until(() -> {
			this.client.get().uri(path + "?ms=50").exchange().expectStatus().isOk();
			return find(name);
		}, (found) -> found != null);
		assertThat(culprit.frame().getFileName()).isEqualTo(type + ".java");
		assertThat(culprit.frame().getLineNumber()).isPositive();
		assertThat(culprit.lastWork().route()).isEqualTo("GET " + path);
		assertThat(culprit.lastWork().handler()).isEqualTo("dev.loopline.demo.%s#%s(String)".formatted(type, method));
	}

	private Culprit find(String method) {
		return this.runtime.diagnostics()
			.stalls()
			.culprits()
			.stream()
			.filter((culprit) -> culprit.method().equals(method) && culprit.lastWork().route() != null)
			.findFirst()
			.orElse(null);
	}

}
