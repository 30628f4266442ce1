package dev.loopline.autoconfigure.reactor;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import dev.loopline.autoconfigure.support.TestServer;
import dev.loopline.runtime.TaskRuntime;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link NextRequestHandler}.
 */
class NextRequestHandlerTests {

	private static final String FIRST = "GET /first HTTP/1.1\r\nHost: localhost\r\n\r\n";

	@ParameterizedTest
	@ValueSource(
			strings = { "GET /later HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "NONSENSE\r\n\r\n" })
	void requestBehindAnAnswerThatIsHeldBackIsAnsweredToo(String second) throws Exception {
		try (TestServer server = TestServer.start(App.class, "loopline.workers=1",
				"loopline.web.learn-blocking-routes=false"); Socket socket = new Socket("localhost", server.port())) {
			socket.setSoTimeout(20_000);
			socket.getOutputStream().write((FIRST + second).getBytes(StandardCharsets.US_ASCII));
			String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
			assertThat(answers).containsOnlyOnce("HTTP/1.1 200 OK").contains("first");
			assertThat(answers).containsPattern("(?s)first.*HTTP/1.1 (400 Bad Request|202 Accepted)");
		}
	}

	@Test
	void firstPartOfABodyThatFailsIsSent() throws Exception {
		try (TestServer server = TestServer.start(App.class, "loopline.workers=1",
				"loopline.web.learn-blocking-routes=false", "loopline.stall.threshold=1m");
				Socket socket = new Socket("localhost", server.port())) {
			socket.setSoTimeout(20_000);
			socket.getOutputStream()
				.write("GET /fails HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
			assertThat(answer).startsWith("HTTP/1.1 200 OK").contains("data:first");
		}
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@RestController
	static class App {

		private final ObjectProvider<TaskRuntime> runtime;

		App(ObjectProvider<TaskRuntime> runtime) {
			this.runtime = runtime;
		}

		@GetMapping("/first")
		Mono<String> first() {
			letWorkWait();
			return Mono.just("first");
		}

		@GetMapping(path = "/fails", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Flux<String> fails() {
			letWorkWait();
			return Flux.just("first").concatWith(Mono.error(new IllegalStateException("second")));
		}

		@GetMapping("/later")
		@ResponseStatus(HttpStatus.ACCEPTED)
		Mono<String> later() {
			return Mono.delay(Duration.ofMillis(20)).thenReturn("later");
		}

		/** With work behind it, the worker holds an answer back. */
		private void letWorkWait() {
			this.runtime.getObject().execute(() -> {
			});
		}

	}

}
