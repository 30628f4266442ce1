package com.example;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

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
 * Tests that callbacks that block keep no other query waiting.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class NeighbourTests {

	/** More than there are event loops. */
	private static final int MANY = 16;

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	@Value("${local.server.port}")
	private int port;

	private static Process redis;

	@DynamicPropertySource
	static void startRedis(DynamicPropertyRegistry properties) throws IOException {
		int redisPort;
		try (ServerSocket free = new ServerSocket(0)) {
			redisPort = free.getLocalPort();
		}
		redis = new ProcessBuilder("redis-server", "--port", String.valueOf(redisPort), "--bind", "127.0.0.1", "--save", "")
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start();
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
			try (Socket socket = new Socket("127.0.0.1", redisPort)) {
				return socket.isConnected();
			}
			catch (IOException ex) {
				return false;
			}
		});
		properties.add("spring.data.redis.host", () -> "127.0.0.1");
		properties.add("spring.data.redis.port", () -> redisPort);
	}

	@AfterAll
	static void stopRedis() {
		redis.destroy();
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
