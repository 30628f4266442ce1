package dev.loopline.benchmarks.helidon;

import java.time.Duration;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;

/**
 * Hello World on Helidon SE, with two handlers that misbehave.
 */
public final class HelidonPeer {

	/**
	 * As many as the other peers have, so that a crowd that arrives at once finds the same queue everywhere.
	 */
	private static final int BACKLOG = 4096;

	private HelidonPeer() {
	}

	public static void main(String[] args) {
		WebServer.builder()
			.host("127.0.0.1")
			.port(Integer.parseInt(args[0]))
			.backlog(BACKLOG)
			.routing((routing) -> routing.get("/", (request, response) -> response.send("Hello, World!"))
				.get("/block", (request, response) -> {
					Thread.sleep(millis(request));
					response.send("blocked");
				})
				.get("/burn", (request, response) -> {
					burn(millis(request));
					response.send("burned");
				}))
			.build()
			.start();
	}

	private static void burn(long millis) {
		long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
		while (System.nanoTime() < end) {
			Thread.onSpinWait();
		}
	}

	private static long millis(ServerRequest request) {
		return request.query().first("ms").map(Long::parseLong).orElse(0L);
	}

}
