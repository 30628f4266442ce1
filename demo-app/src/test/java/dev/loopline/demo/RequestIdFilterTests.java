package dev.loopline.demo;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RequestIdFilter}.
 */
@DemoTest
class RequestIdFilterTests {

	@Autowired
	private WebTestClient client;

	@ParameterizedTest
	@ValueSource(strings = { "/", "/sleep?ms=0", "/sleep?ms=x", "/stream?ms=0", "/download?bytes=9", "/proxy",
			"/actuator/health", "/nowhere", "/upload" })
	void repeatsIdInEveryResponse(String path) {
		this.client.get()
			.uri(path)
			.header("X-Request-Id", "f4b1-7")
			.exchange()
			.expectHeader()
			.valueEquals("X-Request-Id", "f4b1-7")
			.expectBody()
			.returnResult();
	}

	@Test
	void addsNothingWhenRequestHasNoId() {
		this.client.get().uri("/").exchange().expectHeader().doesNotExist("X-Request-Id").expectBody().returnResult();
	}

	@Test
	void addsNothingWhenNothingOfTheIdIsVisible() {
		this.client.get()
			.uri("/")
			.header("X-Request-Id", "\u00e9")
			.exchange()
			.expectHeader()
			.doesNotExist("X-Request-Id")
			.expectBody()
			.returnResult();
	}

	@Test
	void keepsVisibleAsciiCharactersOnly() {
		assertThat(RequestIdFilter.sanitize("a b\r\nc: d\u00e9\u0000!~\u007f")).isEqualTo("abc:d!~");
	}

	@Test
	void keeps128Characters() {
		assertThat(RequestIdFilter.sanitize("x".repeat(128))).hasSize(128);
		assertThat(RequestIdFilter.sanitize("x".repeat(129))).hasSize(128);
	}

}
