package dev.loopline.autoconfigure.reactor;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.WebSocketHandler;
import reactor.core.publisher.Flux;

import dev.loopline.autoconfigure.support.TestServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Farewell} to WebSockets, frame by frame.
 */
class WebSocketFarewellTests {

	private static final int GOING_AWAY = 1001;

	private static final int NORMAL = 1000;

	@ParameterizedTest
	@ValueSource(strings = { "/listen", "/echo", "/mute", "/leave" })
	void socketGetsOneCloseFrameAndTheEnd(String path) throws Exception {
		TestServer server = start();
		try (RawWebSocket socket = new RawWebSocket(server.port(), path);
				RawWebSocket silent = new RawWebSocket(server.port(), path)) {
			CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close);
			assertThat(socket.closeFrames(true)).containsExactly(GOING_AWAY);
			assertThat(silent.closeFrames(false)).containsExactly(GOING_AWAY);
			closed.join();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/listen", "/echo", "/mute", "/leave" })
	void clientThatClosesAtTheSameTimeGetsOneCloseFrame(String path) throws Exception {
		try (TestServer server = start()) {
			Farewell farewell = server.context().getBean(Farewell.class);
			for (int i = 0; i < 50; i++) {
				try (RawWebSocket socket = new RawWebSocket(server.port(), path)) {
					CompletableFuture<Void> drained = CompletableFuture.runAsync(farewell::drain);
					socket.sendClose(NORMAL);
					assertThat(socket.closeFrames(false)).hasSize(1)
						.allMatch((status) -> status == GOING_AWAY || status == NORMAL);
					drained.join();
				}
			}
		}
	}

	@Test
	void socketThatWasClosedByTheClientIsToldNothing() throws Exception {
		try (TestServer server = start(); RawWebSocket socket = new RawWebSocket(server.port(), "/listen")) {
			socket.sendClose(NORMAL);
			assertThat(socket.closeFrames(false)).containsExactly(NORMAL);
		}
	}

	private static TestServer start() {
		return TestServer.start(App.class, "spring.lifecycle.timeout-per-shutdown-phase=20s");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

		@Bean
		HandlerMapping socketMapping() {
			WebSocketHandler listen = (session) -> session.receive().then();
			WebSocketHandler echo = (session) -> session.send(session.receive());
			WebSocketHandler mute = (session) -> session.send(Flux.never());
			WebSocketHandler leave = (session) -> session.receive()
				.then()
				.and(session.closeStatus().then(session.close(CloseStatus.SERVER_ERROR)));
			return new SimpleUrlHandlerMapping(Map.of("/listen", listen, "/echo", echo, "/mute", mute, "/leave", leave),
					-1);
		}

	}

	/**
	 * A client that counts.
	 */
	private static final class RawWebSocket implements AutoCloseable {

		private static final int CLOSE = 8;

		private static final byte[] MASK = { 1, 2, 3, 4 };

		private final Socket socket;

		private final DataInputStream input;

		RawWebSocket(int port, String path) throws IOException {
			this.socket = new Socket("127.0.0.1", port);
			this.socket.setSoTimeout(10_000);
			this.input = new DataInputStream(this.socket.getInputStream());
			this.socket.getOutputStream().write("""
					GET %s HTTP/1.1\r
					Host: localhost\r
					Connection: Upgrade\r
					Upgrade: websocket\r
					Sec-WebSocket-Version: 13\r
					Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
					\r
					""".formatted(path).getBytes(StandardCharsets.UTF_8));
			StringBuilder head = new StringBuilder();
			while (head.indexOf("\r\n\r\n") < 0) {
				head.append((char) this.input.readUnsignedByte());
			}
			assertThat(head).startsWith("HTTP/1.1 101 ");
		}

		void sendClose(int status) throws IOException {
			byte[] frame = { (byte) (0x80 | CLOSE), (byte) 0x82, MASK[0], MASK[1], MASK[2], MASK[3],
					(byte) (status >> 8 ^ MASK[0]), (byte) (status ^ MASK[1]) };
			this.socket.getOutputStream().write(frame);
		}

		/**
		 * Reads until the connection ends and returns what the close frames say.
		 */
		List<Integer> closeFrames(boolean answer) throws IOException {
			List<Integer> statuses = new ArrayList<>();
			try {
				while (true) {
					int type = this.input.readUnsignedByte() & 0xf;
					byte[] payload = this.input.readNBytes(this.input.readUnsignedByte());
					if (type == CLOSE) {
						statuses.add((payload[0] & 0xff) << 8 | payload[1] & 0xff);
						if (answer) {
							sendClose(statuses.get(0));
						}
					}
				}
			}
			catch (EOFException | SocketException ex) {
				return statuses;
			}
		}

		@Override
		public void close() throws IOException {
			this.socket.close();
		}

	}

}
