package dev.loopline.demo;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/**
 * Tests for {@link StreamController}.
 */
@DemoTest
class StreamControllerTests {

	@Autowired
	private WebTestClient client;

	@Test
	void countsToTenByDefault() {
		StepVerifier.create(events("/stream?ms=0")).expectNext(1, 2, 3, 4, 5, 6, 7, 8, 9, 10).verifyComplete();
	}

	@Test
	void countsAsFarAsAsked() {
		StepVerifier.create(events("/stream?count=3")).expectNext(1, 2, 3).verifyComplete();
	}

	@Test
	void sendsEachEventAtOnce() {
		// The whole stream would take almost three hours
		StepVerifier.create(events("/stream?count=10000&ms=1000"))
			.expectNext(1, 2)
			.thenCancel()
			.verify(Duration.ofMinutes(1));
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "10001", "many" })
	void rejectsBadCount(String count) {
		BadParameters.expectProblem(this.client, "/stream?ms=0&count=" + count, "count",
				"a whole number from 1 to 10000");
	}

	@ParameterizedTest
	@ValueSource(strings = { "-1", "60001", "later" })
	void rejectsBadPause(String ms) {
		BadParameters.expectProblem(this.client, "/stream?count=1&ms=" + ms, "ms", "a whole number from 0 to 60000");
	}

	@Test
	void rejectsBadCountOfEventStreamClient() {
		this.client.get()
			.uri("/stream?count=0")
			.accept(MediaType.TEXT_EVENT_STREAM)
			.exchange()
			.expectStatus()
			.isBadRequest()
			.expectHeader()
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.expectBody()
			.returnResult();
	}

	private Flux<Integer> events(String path) {
		return this.client.get()
			.uri(path)
			.accept(MediaType.TEXT_EVENT_STREAM)
			.exchange()
			.expectStatus()
			.isOk()
			.expectHeader()
			.contentTypeCompatibleWith(MediaType.TEXT_EVENT_STREAM)
			.returnResult(Integer.class)
			.getResponseBody();
	}

}
