package dev.loopline.autoconfigure.clients;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * A server for HTTP that has nothing to do with Netty. It answers with the path, and
 * {@code /many} with the numbers up to 100 000, a line each.
 */
final class HttpPeer implements AutoCloseable {

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final HttpServer server;

	HttpPeer() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
		this.server.setExecutor(this.threads);
		this.server.createContext("/", HttpPeer::answer);
		this.server.start();
	}

	private static void answer(HttpExchange exchange) throws IOException {
		exchange.getRequestBody().readAllBytes();
		exchange.getResponseHeaders().add("Content-Type", "text/plain");
		exchange.sendResponseHeaders(200, 0);
		try (OutputStream body = exchange.getResponseBody()) {
			String path = exchange.getRequestURI().getPath();
			body.write((path.equals("/many") ? many() : path).getBytes(StandardCharsets.US_ASCII));
		}
		catch (IOException ex) {
			// the client has gone
		}
	}

	private static String many() {
		StringBuilder lines = new StringBuilder();
		for (int i = 0; i < 100_000; i++) {
			lines.append(i).append('\n');
		}
		return lines.toString();
	}

	String url() {
		return "http://127.0.0.1:" + this.server.getAddress().getPort();
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.threads.shutdownNow();
	}

}
