package dev.loopline.autoconfigure.reactor;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.socket.WebSocketHandler;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import dev.loopline.autoconfigure.support.TestServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link Farewell} and {@link FarewellListener}.
 */
class FarewellTests {

	private TestServer server;

	@BeforeEach
	void startServer() {
		this.server = TestServer.start(App.class, "server.http2.enabled=true",
				"spring.lifecycle.timeout-per-shutdown-phase=20s");
	}

	@AfterEach
	void stopServer() {
		this.server.close();
	}

	@Test
	void answersSayNothingBefore() throws IOException {
		try (KeepAliveClient client = new KeepAliveClient(this.server.port())) {
			assertThat(client.get("/hello")).doesNotContainIgnoringCase("connection: close");
			assertThat(client.get("/hello")).doesNotContainIgnoringCase("connection: close");
		}
	}

	@Test
	void nextAnswerOfOpenConnectionIsItsLast() throws IOException {
		try (KeepAliveClient client = new KeepAliveClient(this.server.port())) {
			client.get("/hello");
			farewell().announce().join();
			assertThat(client.get("/hello")).containsIgnoringCase("connection: close").contains("Hello");
			assertThat(client.isAtEnd()).isTrue();
		}
	}

	@Test
	void newConnectionIsServedOnce() throws IOException {
		farewell().announce();
		try (KeepAliveClient client = new KeepAliveClient(this.server.port())) {
			assertThat(client.get("/hello")).containsIgnoringCase("connection: close").contains("Hello");
			assertThat(client.isAtEnd()).isTrue();
		}
	}

	@Test
	void answerToRequestUnderWayIsTheLast() throws Exception {
		try (KeepAliveClient client = new KeepAliveClient(this.server.port())) {
			client.send("/gate");
			gate().entered.await();
			farewell().announce().join();
			gate().open.tryEmitValue("Done").orThrow();
			assertThat(client.readAnswer()).containsIgnoringCase("connection: close").contains("Done");
			assertThat(client.isAtEnd()).isTrue();
		}
	}

	@Test
	void answerOfHandlerThatBlocksIsTheLast() throws Exception {
		try (KeepAliveClient client = new KeepAliveClient(this.server.port())) {
			client.send("/block");
			gate().entered.await();
			farewell().announce();
			gate().released.countDown();
			assertThat(client.readAnswer()).containsIgnoringCase("connection: close").contains("Unblocked");
			assertThat(client.isAtEnd()).isTrue();
		}
	}

	@Test
	void acceptsWhileNotReady() throws Exception {
		TestServer delayed = TestServer.start(App.class, "loopline.shutdown.delay=1h");
		int port = delayed.port();
		Thread closing = new Thread(delayed::close);
		closing.start();
		ApplicationAvailability availability = delayed.context().getBean(ApplicationAvailability.class);
		await().until(() -> availability.getReadinessState() == ReadinessState.REFUSING_TRAFFIC);
		for (int i = 0; i < 10; i++) {
			assertThat(delayed.get("/hello").body()).isEqualTo("Hello");
		}
		assertThat(delayed.context().isRunning()).isTrue();
		closing.interrupt();
		closing.join();
		assertThat(TestServer.acceptsConnections(port)).isFalse();
	}

	@Test
	void http2ConnectionIsToldToOpenNoMoreStreams() throws Exception {
		try (GoAwayClient client = new GoAwayClient(this.server.port())) {
			CompletableFuture<String> first = client.get("/hello");
			assertThat(first.get()).isEqualTo("Hello");
			CompletableFuture<String> underWay = client.get("/gate");
			gate().entered.await();
			farewell().announce();
			await().until(() -> client.goAways().size() == 1);
			assertThat(client.goAways()).containsExactly(Integer.MAX_VALUE);
			farewell().drain();
			await().until(() -> client.goAways().size() == 2);
			assertThat(client.goAways()).containsExactly(Integer.MAX_VALUE, 5);
			gate().open.tryEmitValue("Done").orThrow();
			assertThat(underWay.get()).isEqualTo("Done");
		}
	}

	@Test
	void newHttp2ConnectionIsToldToOpenNoMoreStreams() throws Exception {
		farewell().announce().join();
		try (GoAwayClient client = new GoAwayClient(this.server.port())) {
			assertThat(client.get("/hello").get()).isEqualTo("Hello");
			await().until(() -> !client.goAways().isEmpty());
			assertThat(client.get("/hello").get()).isEqualTo("Hello");
			assertThat(client.goAways()).containsExactly(Integer.MAX_VALUE);
		}
	}

	@Test
	void http2StreamUnderWayEndsWhileContextIsClosing() throws Exception {
		try (GoAwayClient client = new GoAwayClient(this.server.port())) {
			CompletableFuture<String> underWay = client.get("/gate");
			gate().entered.await();
			CompletableFuture<Void> closed = CompletableFuture.runAsync(this.server::close);
			await().until(() -> client.goAways().size() == 2);
			gate().open.tryEmitValue("Done").orThrow();
			assertThat(underWay.get()).isEqualTo("Done");
			closed.join();
		}
	}

	@Test
	void webSocketIsToldThatServerGoesAway() {
		CompletableFuture<Integer> status = new CompletableFuture<>();
		URI uri = URI.create(this.server.uri("/socket").toString().replaceFirst("^http", "ws"));
		HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(uri, new WebSocket.Listener() {
			@Override
			public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
				status.complete(statusCode);
				return CompletableFuture.completedFuture(null);
			}
		}).join();
		this.server.close();
		assertThat(status.join()).isEqualTo(1001);
	}

	@Test
	void endlessEventStreamEndsInOrder() throws Exception {
		CompletableFuture<HttpResponse<String>> stream = this.server.getAsync("/events");
		gate().entered.await();
		farewell().announce();
		farewell().drain();
		farewell().lastCall();
		assertThat(stream.join().body()).startsWith("data:1\n\ndata:2\n\n");
	}

	@Test
	void endlessEventStreamOverHttp2EndsInOrder() throws Exception {
		try (GoAwayClient client = new GoAwayClient(this.server.port())) {
			CompletableFuture<String> stream = client.get("/events");
			gate().entered.await();
			farewell().lastCall();
			assertThat(stream.get()).startsWith("data:1\n\ndata:2\n\n");
		}
	}

	@Test
	void endlessEventStreamDoesNotOutlastDrain() throws Exception {
		TestServer brief = TestServer.start(App.class, "spring.lifecycle.timeout-per-shutdown-phase=2s");
		CompletableFuture<HttpResponse<String>> stream = brief.getAsync("/events");
		brief.context().getBean(Gate.class).entered.await();
		brief.close();
		assertThat(stream.join().body()).startsWith("data:1\n\n");
	}

	@ParameterizedTest
	@ValueSource(strings = { "server.shutdown=immediate", "loopline.enabled=false" })
	void backsOff(String property) {
		try (TestServer other = TestServer.start(App.class, property)) {
			assertThat(other.context().getBeansOfType(Farewell.class)).isEmpty();
			assertThat(other.get("/hello").body()).isEqualTo("Hello");
		}
	}

	private Farewell farewell() {
		return this.server.context().getBean(Farewell.class);
	}

	private Gate gate() {
		return this.server.context().getBean(Gate.class);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

		@Bean
		Gate gate() {
			return new Gate();
		}

		@Bean
		RouterFunction<ServerResponse> routes(Gate gate) {
			return RouterFunctions.route()
				.GET("/hello", (request) -> ServerResponse.ok().bodyValue("Hello"))
				.GET("/gate", (request) -> {
					gate.entered.countDown();
					return gate.open.asMono().flatMap((body) -> ServerResponse.ok().bodyValue(body));
				})
				.GET("/block",
						(request) -> Mono.fromCallable(gate::block)
							.flatMap((body) -> ServerResponse.ok().bodyValue(body)))
				.GET("/events",
						(request) -> ServerResponse.ok()
							.contentType(MediaType.TEXT_EVENT_STREAM)
							.body(Flux.just(1, 2)
								.concatWith(Mono.<Integer>never().doOnSubscribe((never) -> gate.entered.countDown())),
									Integer.class))
				.build();
		}

		@Bean
		HandlerMapping socketMapping() {
			WebSocketHandler handler = (session) -> session.receive().then();
			return new SimpleUrlHandlerMapping(Map.of("/socket", handler), -1);
		}

	}

	static class Gate {

		private final CountDownLatch entered = new CountDownLatch(1);

		private final CountDownLatch released = new CountDownLatch(1);

		private final Sinks.One<String> open = Sinks.one();

		String block() throws InterruptedException {
			this.entered.countDown();
			this.released.await();
			return "Unblocked";
		}

	}

	/**
	 * A client that keeps its connection as long as the server does.
	 */
	private static final class KeepAliveClient implements AutoCloseable {

		private final Socket socket;

		private final BufferedReader reader;

		KeepAliveClient(int port) throws IOException {
			this.socket = new Socket("127.0.0.1", port);
			this.socket.setSoTimeout((int) Duration.ofSeconds(30).toMillis());
			this.reader = new BufferedReader(
					new InputStreamReader(this.socket.getInputStream(), StandardCharsets.UTF_8));
		}

		String get(String path) throws IOException {
			send(path);
			return readAnswer();
		}

		void send(String path) throws IOException {
			this.socket.getOutputStream()
				.write("GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(path).getBytes(StandardCharsets.UTF_8));
		}

		String readAnswer() throws IOException {
			List<String> lines = new ArrayList<>();
			int length = 0;
			for (String line = this.reader.readLine(); !line.isEmpty(); line = this.reader.readLine()) {
				lines.add(line);
				if (line.toLowerCase(Locale.ROOT).startsWith("content-length: ")) {
					length = Integer.parseInt(line.substring("content-length: ".length()));
				}
			}
			char[] body = new char[length];
			for (int read = 0; read < length;) {
				read += this.reader.read(body, read, length - read);
			}
			return String.join("\n", lines) + "\n\n" + new String(body);
		}

		boolean isAtEnd() throws IOException {
			return this.reader.read() == -1;
		}

		@Override
		public void close() throws IOException {
			this.socket.close();
		}

	}

}
