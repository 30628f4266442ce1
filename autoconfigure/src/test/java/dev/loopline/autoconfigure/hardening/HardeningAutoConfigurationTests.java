package dev.loopline.autoconfigure.hardening;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;

import dev.loopline.autoconfigure.support.TestServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link HardeningAutoConfiguration}, with a server and real sockets.
 */
class HardeningAutoConfigurationTests {

	@ParameterizedTest
	@CsvSource({ "header-timeout,''", "header-timeout,GET / HTTP/1.1", "idle-timeout,GET /", "body-timeout,POST /" })
	void clientThatSendsTooLittleIsLeft(String key, String start) throws IOException {
		try (TestServer server = TestServer.start(App.class, "loopline.web.connections." + key + "=300ms");
				Socket socket = new Socket("127.0.0.1", server.port())) {
			socket.setSoTimeout(20_000);
			write(socket, switch (start) {
				case "GET /" -> "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
				case "POST /" -> "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc";
				default -> start;
			});
			String all = readToEnd(socket);
			assertThat(all).matches((text) -> text.isEmpty() == !start.equals("GET /"));
		}
	}

	@Test
	void clientThatDoesNotTakeItsAnswerIsLeft() throws Exception {
		try (TestServer server = TestServer.start(App.class, "loopline.web.connections.write-timeout=300ms");
				Socket socket = new Socket("127.0.0.1", server.port())) {
			App app = server.context().getBean(App.class);
			write(socket, "GET /endless HTTP/1.1\r\nHost: a\r\n\r\n");
			assertThat(app.cancelled.await(20, TimeUnit.SECONDS)).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "loopline.web.connections.max-headers=100", "loopline.web.connections.max=1" })
	void limitsOfTheServer(String property) throws IOException {
		try (TestServer server = TestServer.start(App.class, property);
				Socket socket = new Socket("127.0.0.1", server.port())) {
			socket.setSoTimeout(20_000);
			if (property.contains("headers")) {
				write(socket, "GET / HTTP/1.1\r\nHost: a\r\n" + "a: b\r\n".repeat(100) + "\r\n");
				assertThat(readToEnd(socket)).startsWith("HTTP/1.1 431 ");
				return;
			}
			write(socket, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
			assertThat(socket.getInputStream().read()).isEqualTo('H');
			try (Socket second = new Socket("127.0.0.1", server.port())) {
				second.setSoTimeout(20_000);
				assertThat(readToEnd(second)).isEmpty();
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "loopline.web.hardening=false", "loopline.enabled=false" })
	void canBeTurnedOff(String property) {
		try (TestServer server = TestServer.start(App.class, property, "loopline.web.connections.max-headers=1")) {
			assertThat(server.get("/").body()).isEqualTo("served");
		}
	}

	@ParameterizedTest
	@CsvSource({ "header-timeout,-1s", "max,-1", "max-headers,-5", "idle-timeout,400d" })
	void wrongValueStopsTheStartWithItsKey(String key, String value) {
		assertThatExceptionOfType(Exception.class)
			.isThrownBy(() -> TestServer.start(App.class, "loopline.web.connections." + key + "=" + value).close())
			.satisfies((ex) -> {
				FailureAnalysis analysis = new InvalidHardeningFailureAnalyzer().analyze(ex);
				assertThat(analysis).isNotNull();
				assertThat(analysis.getAction()).contains("loopline.web.connections." + key);
			});
	}

	@ParameterizedTest
	@CsvSource({ "10000,1000,100,772", "100,1000,100,100", "0,1000,100,0", "100,1000,990,1", "100,-1,0,100" })
	void descriptorsLimitConnections(int wanted, long descriptors, long used, int allowed) {
		assertThat(FileDescriptors.limit(wanted, descriptors, used)).isEqualTo(allowed);
	}

	private static void write(Socket socket, String request) throws IOException {
		socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
	}

	private static String readToEnd(Socket socket) throws IOException {
		return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

		final CountDownLatch cancelled = new CountDownLatch(1);

		@Bean
		RouterFunction<ServerResponse> routes() {
			return RouterFunctions.route()
				.GET("/", (request) -> ServerResponse.ok().bodyValue("served"))
				.POST("/",
						(request) -> request.bodyToMono(String.class)
							.flatMap((body) -> ServerResponse.ok().bodyValue("served")))
				.GET("/endless",
						(request) -> ServerResponse.ok()
							.body(BodyInserters.fromDataBuffers(endless().doOnCancel(this.cancelled::countDown))))
				.build();
		}

		private static Flux<DataBuffer> endless() {
			return Flux.generate((sink) -> sink.next(DefaultDataBufferFactory.sharedInstance.wrap(new byte[65_536])));
		}

	}

}
