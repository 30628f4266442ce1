package dev.loopline.autoconfigure.clients;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import static org.awaitility.Awaitility.await;

/**
 * A server for HTTP that has nothing to do with Netty. It answers with the path, and
 * {@code /many} with the numbers up to 100 000, a line each. It keeps {@code /late} until
 * it is told to answer, and the body of {@code /held}.
 */
final class HttpPeer implements AutoCloseable {

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final CountDownLatch kept = new CountDownLatch(1);

	private final CountDownLatch told = new CountDownLatch(1);

	private final HttpServer server;

	HttpPeer() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
		this.server.setExecutor(this.threads);
		this.server.createContext("/", this::answer);
		this.server.start();
	}

	private void answer(HttpExchange exchange) throws IOException {
		String path = exchange.getRequestURI().getPath();
		exchange.getRequestBody().readAllBytes();
		if (path.equals("/late")) {
			keep();
		}
		exchange.getResponseHeaders().add("Content-Type", "text/plain");
		exchange.sendResponseHeaders(200, 0);
		try (OutputStream body = exchange.getResponseBody()) {
			if (path.equals("/held")) {
				body.write(' ');
				body.flush();
				keep();
			}
			body.write((path.equals("/many") ? many() : path).getBytes(StandardCharsets.US_ASCII));
		}
		catch (IOException ex) {
			// the client has gone
		}
	}

	private void keep() throws IOException {
		this.kept.countDown();
		try {
			this.told.await();
		}
		catch (InterruptedException ex) {
			throw new IOException(ex);
		}
	}

	/**
	 * Waits until it keeps an answer.
	 */
	void awaitKept() {
		await().until(() -> this.kept.getCount() == 0);
	}

	/**
	 * Lets it answer what it has kept.
	 */
	void release() {
		this.told.countDown();
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
