package dev.loopline.autoconfigure.reactor;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

import dev.loopline.autoconfigure.support.TestServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for requests that arrive before the answer to the one before them is complete.
 */
class PipelinedRequestsTests {

	@ParameterizedTest
	@ValueSource(strings = { "epoll", "nio" })
	void connectionReadsOnAfterThem(String transport) throws IOException {
		try (TestServer server = TestServer.start(App.class, "loopline.netty.transport=" + transport);
				Socket socket = new Socket("127.0.0.1", server.port())) {
			socket.setSoTimeout(30_000);
			BufferedReader answers = new BufferedReader(
					new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
			for (int i = 0; i < 3; i++) {
				socket.getOutputStream().write((request("/later") + request("/now")).getBytes(StandardCharsets.UTF_8));
				assertThat(body(answers)).isEqualTo("later");
				assertThat(body(answers)).isEqualTo("now");
			}
		}
	}

	private static String request(String path) {
		return "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(path);
	}

	/** Reads an answer whose body is one line. */
	private static String body(BufferedReader answers) throws IOException {
		int length = 0;
		String line = answers.readLine();
		while (line != null && !line.isEmpty()) {
			if (line.toLowerCase().startsWith("content-length:")) {
				length = Integer.parseInt(line.substring("content-length:".length()).strip());
			}
			line = answers.readLine();
		}
		char[] body = new char[length];
		for (int read = 0; read < length;) {
			read += answers.read(body, read, length - read);
		}
		return new String(body);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@RestController
	static class App {

		@GetMapping("/now")
		String now() {
			return "now";
		}

		@GetMapping("/later")
		Mono<String> later() {
			return Mono.delay(Duration.ofMillis(1)).thenReturn("later");
		}

	}

}
