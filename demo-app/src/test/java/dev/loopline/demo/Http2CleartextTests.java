package dev.loopline.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for HTTP/2 without TLS.
 */
@DemoTest
@TestPropertySource(properties = "server.http2.enabled=true")
class Http2CleartextTests {

	@LocalServerPort
	private int port;

	@Test
	void answersClientWithPriorKnowledge() {
		// Without HTTP/1.1 among its protocols, this client starts with the preface of
		// HTTP/2
		assertThat(get(client(HttpProtocol.H2C), "/").block(Duration.ofMinutes(1))).isEqualTo("Hello, World!");
	}

	@Test
	void answersConcurrentRequestsOfClientWithPriorKnowledge() {
		HttpClient client = client(HttpProtocol.H2C);
		List<String> answers = Flux.range(0, 50)
			.flatMapSequential((index) -> get(client, "/sleep?ms=" + index), 50)
			.collectList()
			.block(Duration.ofMinutes(1));
		assertThat(answers).isEqualTo(IntStream.range(0, 50).mapToObj((i) -> "Slept " + i + " ms").toList());
	}

	@Test
	void upgradesClientThatAsksForIt() throws IOException, InterruptedException {
		HttpResponse<String> response = java.net.http.HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + "/"))
				.timeout(Duration.ofMinutes(1))
				.build(), HttpResponse.BodyHandlers.ofString());
		assertThat(response.version()).isEqualTo(java.net.http.HttpClient.Version.HTTP_2);
		assertThat(response.body()).isEqualTo("Hello, World!");
	}

	@Test
	void stillAnswersHttp1() {
		assertThat(get(client(HttpProtocol.HTTP11), "/").block(Duration.ofMinutes(1))).isEqualTo("Hello, World!");
	}

	private HttpClient client(HttpProtocol protocol) {
		return HttpClient.create().host("localhost").port(this.port).protocol(protocol);
	}

	private static Mono<String> get(HttpClient client, String path) {
		return client.get().uri(path).responseContent().aggregate().asString();
	}

}
