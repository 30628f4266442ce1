package dev.loopline.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
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
		// Without HTTP/1.1 among its protocols,
		// this client starts with the preface of HTTP/2
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
	void streamsEventsInOrder() {
		String events = get(client(HttpProtocol.H2C), "/stream?count=20&ms=1").block(Duration.ofMinutes(1));
		assertThat(events).isEqualTo(
				IntStream.rangeClosed(1, 20).mapToObj((i) -> "data:" + i + "\n\n").collect(Collectors.joining()));
	}

	@Test
	void digestsUpload() {
		byte[] block = new byte[64 * 1024];
		BodyDigest expected = new BodyDigest();
		for (int i = 0; i < 100; i++) {
			expected.update(DefaultDataBufferFactory.sharedInstance.wrap(block));
		}
		String upload = client(HttpProtocol.H2C).post()
			.uri("/upload")
			.send(Flux.range(0, 100).map((i) -> Unpooled.wrappedBuffer(block)))
			.responseContent()
			.aggregate()
			.asString()
			.block(Duration.ofMinutes(1));
		assertThat(upload).contains(expected.toUpload().sha256()).contains(String.valueOf(expected.toUpload().bytes()));
	}

	@Test
	void downloadsEveryByte() {
		byte[] body = client(HttpProtocol.H2C).get()
			.uri("/download?bytes=3000000")
			.responseContent()
			.aggregate()
			.asByteArray()
			.block(Duration.ofMinutes(1));
		assertThat(body).hasSize(3_000_000);
		assertThat(IntStream.range(0, body.length)).allMatch((i) -> body[i] == (byte) (i % 251));
	}

	@Test
	void answersBadParameterWithProblem() {
		String problem = get(client(HttpProtocol.H2C), "/sleep?ms=never").block(Duration.ofMinutes(1));
		assertThat(problem).contains("\"status\":400");
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
