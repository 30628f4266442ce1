package dev.loopline.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for HTTP/1.1 clients that do not wait for one answer before the next request.
 */
@DemoTest
class PipeliningTests {

	private static final Pattern ANSWER = Pattern
		.compile("HTTP/1\\.1 200 OK\r\n(?:[^\r]+\r\n)*?X-Request-Id: (\\d+)\r\n(?:[^\r]+\r\n)*\r\nSlept (\\d+) ms");

	private static final String LAST_BODY = "Slept 0 ms";

	@LocalServerPort
	private int port;

	@Test
	void tenRequestsInOneWriteGetTenAnswersInOrder() throws IOException {
		StringBuilder requests = new StringBuilder();
		for (int i = 0; i < 10; i++) {
			// The first is the slowest
			requests.append("GET /sleep?ms=").append(20 * (9 - i)).append(" HTTP/1.1\r\n");
			requests.append("Host: localhost\r\nX-Request-Id: ").append(i).append("\r\n\r\n");
		}
		List<String> answers = ANSWER.matcher(send(requests.toString())).results().map(this::summary).toList();
		assertThat(answers).containsExactly("0: 180", "1: 160", "2: 140", "3: 120", "4: 100", "5: 80", "6: 60", "7: 40",
				"8: 20", "9: 0");
	}

	private String summary(MatchResult answer) {
		return answer.group(1) + ": " + answer.group(2);
	}

	private String send(String requests) throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setSoTimeout(60_000);
			socket.getOutputStream().write(requests.getBytes(StandardCharsets.US_ASCII));
			StringBuilder answers = new StringBuilder();
			byte[] block = new byte[4096];
			while (answers.indexOf(LAST_BODY) < 0) {
				int length = socket.getInputStream().read(block);
				assertThat(length).as("Connection closed after: %s", answers).isPositive();
				answers.append(new String(block, 0, length, StandardCharsets.US_ASCII));
			}
			return answers.toString();
		}
	}

}
