package dev.loopline.demo;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpHeaders;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.WebSocketSession;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EchoWebSocketHandler}.
 */
@DemoTest
class EchoWebSocketHandlerTests {

	@LocalServerPort
	private int port;

	@Autowired
	private WebTestClient client;

	@Test
	void sendsTextBackInOrder() {
		List<String> texts = IntStream.range(0, 100).mapToObj((i) -> "message " + i).toList();
		assertThat(echo(texts, WebSocketSession::textMessage)).isEqualTo(prefix("TEXT ", texts));
	}

	@Test
	void sendsBinaryBackInOrder() {
		List<String> texts = List.of("first", "second", "x".repeat(60_000));
		assertThat(echo(texts, EchoWebSocketHandlerTests::binaryMessage)).isEqualTo(prefix("BINARY ", texts));
	}

	@Test
	void answersPingOnceAndWithPong() {
		List<String> echoes = exchange((session) -> Flux.just(
				session.pingMessage((buffers) -> buffers.wrap("ping".getBytes(StandardCharsets.UTF_8))),
				session.textMessage("end")), 2);
		assertThat(echoes).containsExactly("PONG ping", "TEXT end");
	}

	@Test
	void repeatsRequestIdInHandshake() {
		HttpHeaders headers = new HttpHeaders();
		headers.set("X-Request-Id", "ws-1");
		Mono<Void> session = new ReactorNettyWebSocketClient().execute(uri(), headers, (opened) -> {
			assertThat(opened.getHandshakeInfo().getHeaders().getFirst("X-Request-Id")).isEqualTo("ws-1");
			return opened.close();
		});
		session.block(Duration.ofMinutes(1));
	}

	@Test
	void rejectsPlainRequest() {
		this.client.get().uri("/echo").exchange().expectStatus().isBadRequest().expectBody().returnResult();
	}

	private List<String> echo(List<String> texts, BiFunction<WebSocketSession, String, WebSocketMessage> message) {
		return exchange((session) -> Flux.fromIterable(texts).map((text) -> message.apply(session, text)),
				texts.size());
	}

	private List<String> exchange(Function<WebSocketSession, Flux<WebSocketMessage>> messages, int answers) {
		List<String> received = new CopyOnWriteArrayList<>();
		Mono<Void> session = new ReactorNettyWebSocketClient().execute(uri(),
				(opened) -> opened.send(messages.apply(opened))
					.thenMany(opened.receive()
						.take(answers)
						.map((message) -> message.getType() + " " + message.getPayloadAsText())
						.doOnNext(received::add))
					.then());
		session.block(Duration.ofMinutes(1));
		return received;
	}

	private URI uri() {
		return URI.create("ws://localhost:" + this.port + "/echo");
	}

	private static WebSocketMessage binaryMessage(WebSocketSession session, String text) {
		return session.binaryMessage((buffers) -> buffers.wrap(text.getBytes(StandardCharsets.UTF_8)));
	}

	private static List<String> prefix(String prefix, List<String> texts) {
		return texts.stream().map(prefix::concat).toList();
	}

}
