package dev.loopline.autoconfigure.web;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;

import io.netty.channel.Channel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.netty.channel.ChannelOperations;

import dev.loopline.autoconfigure.support.TestServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link ConnectionExchanges}.
 */
class ConnectionExchangesTests {

	private static final String LANE = "loopline.web.blocking-routes=/held,/tail,/never,/waits";

	@ParameterizedTest
	@ValueSource(strings = { "/", "/held" })
	void nextRequestBeginsWhenTheOneBeforeHasEnded(String next) throws IOException {
		try (TestServer server = TestServer.start(App.class, LANE); Socket client = connect(server)) {
			App app = server.context().getBean(App.class);
			app.free.countDown();
			send(client, "/tail");
			assertThat(readAnswer(client)).contains("200 OK");
			Gate.await(app.tailBegan);
			send(client, next);
			// The request has arrived, and waits
			await().until(() -> app.handled("arrived") == 2);
			assertThat(app.events).doesNotContain("end of tail", next);
			app.freeTail.countDown();
			assertThat(readAnswer(client)).contains("200 OK");
			assertThat(app.events).containsSubsequence("end of tail", next);
		}
	}

	@Test
	void clientThatSaysNoMoreIsAnsweredByAHandlerThatRuns() throws IOException {
		try (TestServer server = TestServer.start(App.class, LANE)) {
			for (int i = 0; i < 5; i++) {
				try (Socket client = connect(server)) {
					App app = server.context().getBean(App.class);
					send(client, "/held");
					client.shutdownOutput();
					int connections = i + 1;
					await().until(() -> app.channels.size() == connections && app.channels.stream()
						.map(ConnectionExchanges::find)
						.allMatch((exchanges) -> exchanges != null && exchanges.isInputShutDown()));
					app.free.countDown();
					assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
						.contains("200 OK");
				}
			}
		}
	}

	@Test
	void clientThatSaysNoMoreIsNotAnsweredByAHandlerThatWaits() throws IOException {
		try (TestServer server = TestServer.start(App.class, LANE); Socket client = connect(server)) {
			App app = server.context().getBean(App.class);
			send(client, "/never");
			await().until(() -> app.events.contains("/never"));
			client.shutdownOutput();
			assertThat(client.getInputStream().readAllBytes()).isEmpty();
			await().until(() -> app.events.contains("cancel"));
		}
	}

	@Test
	void handlerThatWaitsForABodyIsFreedWhenTheRestCannotCome() throws IOException {
		try (TestServer server = TestServer.start(App.class, LANE); Socket client = connect(server)) {
			App app = server.context().getBean(App.class);
			letWaitForABody(app, client);
			client.shutdownOutput();
			await().until(() -> app.events.contains("freed"));
		}
	}

	@Test
	void handlerThatWaitsForABodyIsFreedWhenTheServerEndsTheExchange() throws IOException {
		try (TestServer server = TestServer.start(App.class, LANE); Socket client = connect(server)) {
			App app = server.context().getBean(App.class);
			letWaitForABody(app, client);
			Channel channel = app.channels.iterator().next();
			channel.eventLoop().execute(Objects.requireNonNull(ChannelOperations.get(channel))::dispose);
			await().until(() -> app.events.contains("freed"));
		}
	}

	private static void letWaitForABody(App app, Socket client) throws IOException {
		client.getOutputStream()
			.write("POST /waits HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nfive!"
				.getBytes(StandardCharsets.US_ASCII));
		await().until(() -> app.events.contains("waits"));
	}

	private static Socket connect(TestServer server) throws IOException {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
		socket.setSoTimeout(20_000);
		return socket;
	}

	private static void send(Socket client, String path) throws IOException {
		client.getOutputStream()
			.write("GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(path).getBytes(StandardCharsets.US_ASCII));
	}

	/** Every body here is "ok". */
	private static String readAnswer(Socket client) throws IOException {
		StringBuilder answer = new StringBuilder();
		while (!answer.toString().endsWith("\r\n\r\nok")) {
			int next = client.getInputStream().read();
			assertThat(next).as("%s", answer).isNotNegative();
			answer.append((char) next);
		}
		return answer.toString();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(App.Controller.class)
	static class App {

		final Queue<String> events = new ConcurrentLinkedQueue<>();

		final Queue<Channel> channels = new ConcurrentLinkedQueue<>();

		final CountDownLatch free = new CountDownLatch(1);

		final CountDownLatch tailBegan = new CountDownLatch(1);

		final CountDownLatch freeTail = new CountDownLatch(1);

		long handled(String event) {
			return this.events.stream().filter(event::equals).count();
		}

		@Bean
		NettyServerCustomizer remembersConnections() {
			return (server) -> server.doOnChannelInit((observer, channel, address) -> this.channels.add(channel))
				.doOnConnection((connection) -> this.events.add("arrived"));
		}

		@Bean
		WebFilter tail() {
			return new WebFilter() {

				@Override
				public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
					String path = exchange.getRequest().getPath().value();
					App.this.events.add(path);
					Mono<Void> handled = chain.filter(exchange);
					return !path.equals("/tail") ? handled : handled.doOnSuccess((nothing) -> {
						App.this.tailBegan.countDown();
						Gate.await(App.this.freeTail);
						App.this.events.add("end of tail");
					});
				}

			};
		}

		@RestController
		static class Controller {

			private final App app;

			Controller(App app) {
				this.app = app;
			}

			@GetMapping({ "/", "/tail" })
			String ok() {
				return "ok";
			}

			@GetMapping("/held")
			String held() {
				Gate.await(this.app.free);
				return "ok";
			}

			@PostMapping("/waits")
			String waits(ServerHttpRequest request) throws ExecutionException {
				CompletableFuture<Void> body = request.getBody().doOnNext(DataBufferUtils::release).then().toFuture();
				this.app.events.add("waits");
				try {
					body.get();
				}
				catch (InterruptedException ex) {
					this.app.events.add("freed");
				}
				return "ok";
			}

			@GetMapping("/never")
			Mono<String> never() {
				return Mono.<String>never().doOnCancel(() -> this.app.events.add("cancel"));
			}

		}

	}

}
