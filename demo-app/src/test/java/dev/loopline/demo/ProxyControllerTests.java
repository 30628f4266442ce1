package dev.loopline.demo;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ProxyController}.
 */
@DemoTest
class ProxyControllerTests {

	@Autowired
	private WebTestClient client;

	@Test
	void passesOnHelloByDefault() {
		this.client.get()
			.uri("/proxy")
			.exchange()
			.expectStatus()
			.isOk()
			.expectHeader()
			.contentTypeCompatibleWith(MediaType.TEXT_PLAIN)
			.expectBody(String.class)
			.isEqualTo("Hello, World!");
	}

	@Test
	void passesOnPathWithQuery() {
		this.client.get()
			.uri("/proxy?path={path}", "/sleep?ms=1")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(String.class)
			.isEqualTo("Slept 1 ms");
	}

	@Test
	void passesOnStream() {
		this.client.get()
			.uri("/proxy?path={path}", "/stream?count=2&ms=0")
			.exchange()
			.expectStatus()
			.isOk()
			.expectHeader()
			.contentTypeCompatibleWith(MediaType.TEXT_EVENT_STREAM)
			.expectBody(String.class)
			.isEqualTo("data:1\n\ndata:2\n\n");
	}

	@Test
	void passesOnProblem() {
		BadParameters.expectProblem(this.client, "/proxy?path=/sleep?ms=x", "ms", "a whole number from 0 to 60000");
	}

	@Test
	void passesOnLengthOfDownload() {
		this.client.get()
			.uri("/proxy?path={path}", "/download?bytes=100000")
			.exchange()
			.expectStatus()
			.isOk()
			.expectHeader()
			.contentLength(100_000)
			.expectBody(byte[].class)
			.value((body) -> assertThat(body).hasSize(100_000));
	}

	@ParameterizedTest
	@ValueSource(strings = { "sleep", "//example.org/", "https://example.org/", "@example.org", "/a b",
			"/\\example.org", "/%zz", "/a\nb" })
	void rejectsPathThatIsNotLocal(String path) {
		BadParameters.expectProblem(this.client, "/proxy?path={path}", "path",
				"an absolute path on this server, with one leading slash", path);
	}

}
