package dev.loopline.autoconfigure.stock;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import dev.loopline.autoconfigure.web.OwnStrands;
import dev.loopline.autoconfigure.web.SlowRoutes;
import dev.loopline.runtime.TaskRuntime;

import static org.awaitility.Awaitility.await;

/**
 * The routes of the application.
 */
final class Routes {

	private static final List<String> GET = List.of("/next", "/string/x", "/mono/x", "/flux/x", "/buffers/x",
			"/entity/x", "/entityflux/x", "/sse/x", "/ndjson/x", "/json/x", "/resource/x", "/bytes/1", "/future/x",
			"/exchange/x", "/describe/x", "/fn/x", "/context/x", "/users/x", "/users-text/1", "/files/sample.txt");

	private static final List<String> POST = List.of("/text/x", "/array/x", "/json/x", "/echo/x", "/form/x",
			"/multipart/x", "/body/x", "/fn/x", "/users/x");

	private static final List<String> HEAD = List.of("/string/x", "/bytes/1", "/flux/x", "/resource/x",
			"/files/sample.txt", "/entity/x");

	private Routes() {
	}

	/**
	 * Lets a server learn that all of them block.
	 */
	static void learn(int port, SlowRoutes routes, TaskRuntime runtime) throws IOException {
		for (String[] request : requests()) {
			await().atMost(Duration.ofSeconds(30)).until(() -> {
				request(port, request, ComparedFilters.SLOW + ": true\r\n");
				return OwnStrands.keepLearned(routes, runtime, request[0], request[1]);
			});
		}
	}

	/**
	 * Lets all of them be tried once.
	 */
	static void warmUp(int port) throws IOException {
		for (String[] request : requests()) {
			request(port, request, "");
		}
	}

	private static List<String[]> requests() {
		return Stream
			.of(GET.stream().map("GET "::concat), POST.stream().map("POST "::concat),
					HEAD.stream().map("HEAD "::concat))
			.flatMap((requests) -> requests)
			.map((request) -> request.split(" "))
			.toList();
	}

	private static void request(int port, String[] request, String header) throws IOException {
		try (Socket socket = new Socket("127.0.0.1", port)) {
			String head = request[0] + " " + request[1] + " HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n"
					+ header + "content-length: 0\r\n\r\n";
			socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
			socket.getInputStream().readAllBytes();
		}
	}

}
