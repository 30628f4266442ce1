package com.example;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.beans.factory.annotation.Value;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a log-in that blocks keeps nobody else out.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class NeighbourTests {

	/** More than there are event loops. */
	private static final int MANY = 16;

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	@Value("${local.server.port}")
	private int port;

	@Test
	void whoBlocksHurtsNobodyElse() {
		List<CompletableFuture<HttpResponse<String>>> blocked = IntStream.range(0, MANY)
			.mapToObj((i) -> get("/blocked"))
			.toList();
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> Gate.waiting() == MANY);
		try {
			assertThat(get("/fine").join().body()).isEqualTo("quick"); // all others still block
		}
		finally {
			Gate.open();
		}
		assertThat(blocked).allSatisfy((answer) -> assertThat(answer.join().body()).isEqualTo("passed"));
	}

	@Test
	void strangersStayOutside() {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + "/fine")).build();
		assertThat(this.client.sendAsync(request, BodyHandlers.discarding()).join().statusCode()).isEqualTo(401);
	}

	private CompletableFuture<HttpResponse<String>> get(String path) {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + path))
			.header("Authorization", "Basic " + Base64.getEncoder()
				.encodeToString((path.equals("/blocked") ? "slow:secret" : "quick:secret").getBytes(StandardCharsets.US_ASCII)))
			.timeout(Duration.ofSeconds(60))
			.build();
		return this.client.sendAsync(request, BodyHandlers.ofString());
	}

}
