package com.example;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import com.sun.net.httpserver.HttpServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a filter that blocks hurts no other route.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class NeighbourTests {

	/** More than there are event loops. */
	private static final int MANY = 16;

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	@Value("${local.server.port}")
	private int port;

	private static HttpServer backend;

	@DynamicPropertySource
	static void startBackend(DynamicPropertyRegistry properties) throws IOException {
		backend = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
		backend.createContext("/", (exchange) -> {
			String answer = exchange.getRequestURI().getPath().equals("/blocked") ? "passed" : "fine";
			exchange.sendResponseHeaders(200, answer.length());
			exchange.getResponseBody().write(answer.getBytes(StandardCharsets.US_ASCII));
			exchange.close();
		});
		backend.start();
		properties.add("backend", () -> "http://127.0.0.1:" + backend.getAddress().getPort());
	}

	@AfterAll
	static void stopBackend() {
		backend.stop(0);
	}

	@Test
	void whoBlocksHurtsNobodyElse() {
		List<CompletableFuture<HttpResponse<String>>> blocked = IntStream.range(0, MANY)
			.mapToObj((i) -> get("/blocked"))
			.toList();
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> Gate.waiting() == MANY);
		try {
			assertThat(get("/fine").join().body()).isEqualTo("fine"); // all others still block
		}
		finally {
			Gate.open();
		}
		assertThat(blocked).allSatisfy((answer) -> assertThat(answer.join().body()).isEqualTo("passed"));
	}

	private CompletableFuture<HttpResponse<String>> get(String path) {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + path))
			.timeout(Duration.ofSeconds(60))
			.build();
		return this.client.sendAsync(request, BodyHandlers.ofString());
	}

}
