package dev.loopline.benchmarks.reactornetty;

import java.time.Duration;
import java.util.List;

import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.QueryStringDecoder;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Hello World on Reactor Netty alone, with two handlers that misbehave.
 */
public final class ReactorNettyPeer {

	/**
	 * As many as the other peers have, so that a crowd that arrives at once finds the same queue everywhere.
	 */
	private static final int BACKLOG = 4096;

	private ReactorNettyPeer() {
	}

	public static void main(String[] args) {
		HttpServer.create()
			.host("127.0.0.1")
			.port(Integer.parseInt(args[0]))
			.option(ChannelOption.SO_BACKLOG, BACKLOG)
			.route((routes) -> routes
				.get("/", (request, response) -> response.header("Content-Type", "text/plain;charset=UTF-8")
					.header("Content-Length", "13")
					.sendString(Mono.just("Hello, World!")))
				.get("/block", (request, response) -> {
					block(millis(request));
					return response.sendString(Mono.just("blocked"));
				})
				.get("/burn", (request, response) -> {
					burn(millis(request));
					return response.sendString(Mono.just("burned"));
				}))
			.bindNow()
			.onDispose()
			.block();
	}

	private static void block(long millis) {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void burn(long millis) {
		long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
		while (System.nanoTime() < end) {
			Thread.onSpinWait();
		}
	}

	private static long millis(HttpServerRequest request) {
		List<String> values = new QueryStringDecoder(request.uri()).parameters().getOrDefault("ms", List.of("0"));
		return Long.parseLong(values.get(0));
	}

}
