package dev.loopline.autoconfigure.support;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * An application with a server on a port of its own, and a client that shares no thread
 * with it.
 */
public final class TestServer implements AutoCloseable {

	private static final HttpClient client = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(Duration.ofSeconds(20))
		.build();

	private final RuntimeThreads threads;

	private final ReactiveWebServerApplicationContext context;

	private TestServer(RuntimeThreads threads, ReactiveWebServerApplicationContext context) {
		this.threads = threads;
		this.context = context;
	}

	public static TestServer start(Class<?> application, String... properties) {
		RuntimeThreads threads = RuntimeThreads.withUniquePrefix();
		Map<String, Object> all = new LinkedHashMap<>();
		Stream
			.concat(Stream.of("server.port=0", "server.address=127.0.0.1", "spring.main.banner-mode=off",
					"spring.reactor.netty.shutdown-quiet-period=0", "loopline.workers=2",
					"loopline.drill.enabled=false", threads.property()), Arrays.stream(properties))
			.map((property) -> property.split("=", 2))
			.forEach((property) -> all.put(property[0], property[1]));
		return new TestServer(threads,
				(ReactiveWebServerApplicationContext) new SpringApplicationBuilder(application).properties(all).run());
	}

	public RuntimeThreads threads() {
		return this.threads;
	}

	public ReactiveWebServerApplicationContext context() {
		return this.context;
	}

	public ReactorResourceFactory resources() {
		return this.context.getBean(ReactorResourceFactory.class);
	}

	public int port() {
		return this.context.getWebServer().getPort();
	}

	public URI uri(String path) {
		return uri(port(), path);
	}

	public static URI uri(int port, String path) {
		return URI.create("http://127.0.0.1:" + port + path);
	}

	public HttpResponse<String> get(String path) {
		return getAsync(path).join();
	}

	public CompletableFuture<HttpResponse<String>> getAsync(String path) {
		return getAsync(uri(path));
	}

	public static CompletableFuture<HttpResponse<String>> getAsync(URI uri) {
		return client.sendAsync(HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30)).build(),
				BodyHandlers.ofString());
	}

	/**
	 * Sends one request on a connection that ends with it.
	 */
	public static String exchangeAndClose(int port, String path) throws IOException {
		try (Socket socket = new Socket("127.0.0.1", port)) {
			socket.setSoTimeout(30_000);
			String request = "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".formatted(path);
			socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	public static boolean acceptsConnections(int port) {
		try (Socket socket = new Socket("127.0.0.1", port)) {
			return socket.isConnected();
		}
		catch (IOException ex) {
			return false;
		}
	}

	@Override
	public void close() {
		this.context.close();
	}

}
