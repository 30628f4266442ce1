package dev.loopline.autoconfigure.stock;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.stream.Stream;

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
	static void learn(int port) throws IOException {
		request(port, ComparedFilters.SLOW + ": true\r\n");
	}

	/**
	 * Lets all of them be tried once.
	 */
	static void warmUp(int port) throws IOException {
		request(port, "");
	}

	private static void request(int port, String header) throws IOException {
		for (String request : Stream
			.of(GET.stream().map("GET "::concat), POST.stream().map("POST "::concat),
					HEAD.stream().map("HEAD "::concat))
			.flatMap((requests) -> requests)
			.toList()) {
			try (Socket socket = new Socket("127.0.0.1", port)) {
				String head = request + " HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n" + header
						+ "content-length: 0\r\n\r\n";
				socket.getOutputStream().write(head.getBytes());
				socket.getInputStream().readAllBytes();
			}
		}
	}

}
