package dev.loopline.autoconfigure.web;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

import dev.loopline.autoconfigure.support.TestServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for requests over HTTP/2 that are malformed: what ends them is what ends them
 * without the runtime.
 */
class MalformedStreamTests {

	private static final String PROTOCOL_ERROR = "RST_STREAM 1";

	@Test
	void malformedRequestEndsAsOnStock() throws Exception {
		Map<String, String> stock = ends("loopline.enabled=false");
		Map<String, String> own = ends("loopline.web.strand-per-stream=true");
		// A server may also get its answer out before it sees the end of the request
		stock.values().removeIf((end) -> end.equals("END_STREAM"));
		assertThat(own).containsAllEntriesOf(stock);
		assertThat(own).containsEntry("BODY_TOO_SHORT /read", PROTOCOL_ERROR)
			.containsEntry("BODY_TOO_LONG /stream", PROTOCOL_ERROR)
			.containsEntry("PSEUDO_HEADER_IN_TRAILERS /read", PROTOCOL_ERROR);
	}

	@Test
	void requestThatIsInOrderIsAnswered() throws Exception {
		try (TestServer server = TestServer.start(App.class, "server.http2.enabled=true");
				RawHttp2Client client = new RawHttp2Client(server.port())) {
			Malformed.post(client, "/read", "content-length", "4");
			client.data(1, RawHttp2Client.END_STREAM, "four");
			assertThat(client.end(1)).isEqualTo("END_STREAM");
		}
	}

	private static Map<String, String> ends(String property) throws Exception {
		Map<String, String> ends = new LinkedHashMap<>();
		try (TestServer server = TestServer.start(App.class, "server.http2.enabled=true", property)) {
			for (String route : List.of("/read", "/stream")) {
				for (Malformed malformed : Malformed.values()) {
					try (RawHttp2Client client = new RawHttp2Client(server.port())) {
						malformed.send(client, route);
						ends.put(malformed + " " + route, client.end(1));
					}
				}
			}
		}
		return ends;
	}

	/** A way to get a request wrong. */
	private enum Malformed {

		BODY_TOO_SHORT {
			@Override
			void send(RawHttp2Client client, String path) throws IOException {
				post(client, path, "content-length", "9");
				client.data(1, RawHttp2Client.END_STREAM, "four");
			}
		},
		BODY_TOO_LONG {
			@Override
			void send(RawHttp2Client client, String path) throws IOException {
				post(client, path, "content-length", "2");
				client.data(1, RawHttp2Client.END_STREAM, "four");
			}
		},
		BODY_TOO_LONG_IN_PARTS {
			@Override
			void send(RawHttp2Client client, String path) throws IOException {
				post(client, path, "content-length", "2");
				client.data(1, 0, "a");
				client.data(1, 0, "bcd");
			}
		},
		BODY_MISSING {
			@Override
			void send(RawHttp2Client client, String path) throws IOException {
				head(client, path, RawHttp2Client.END_STREAM, "content-length", "4");
			}
		},
		TRAILERS_THAT_END_NOTHING {
			@Override
			void send(RawHttp2Client client, String path) throws IOException {
				post(client, path);
				client.data(1, 0, "four");
				client.headers(1, 0, "x", "y");
			}
		},
		PSEUDO_HEADER_IN_TRAILERS {
			@Override
			void send(RawHttp2Client client, String path) throws IOException {
				post(client, path);
				client.data(1, 0, "four");
				client.headers(1, RawHttp2Client.END_STREAM, ":path", "/");
			}
		},
		TRAILERS_BEFORE_LENGTH_IS_REACHED {
			@Override
			void send(RawHttp2Client client, String path) throws IOException {
				post(client, path, "content-length", "9");
				client.data(1, 0, "four");
				client.headers(1, RawHttp2Client.END_STREAM, "x", "y");
			}
		},
		UPPER_CASE_NAME {
			@Override
			void send(RawHttp2Client client, String path) throws IOException {
				post(client, path, "X-Upper", "y");
			}
		},
		CONNECTION_HEADER {
			@Override
			void send(RawHttp2Client client, String path) throws IOException {
				post(client, path, "connection", "close");
			}
		},
		UNKNOWN_PSEUDO_HEADER {
			@Override
			void send(RawHttp2Client client, String path) throws IOException {
				head(client, path, RawHttp2Client.END_STREAM, ":unknown", "y");
			}
		},
		LENGTH_THAT_IS_NO_NUMBER {
			@Override
			void send(RawHttp2Client client, String path) throws IOException {
				post(client, path, "content-length", "x");
			}
		},
		DATA_AFTER_END {
			@Override
			void send(RawHttp2Client client, String path) throws IOException {
				head(client, "/never", RawHttp2Client.END_STREAM);
				client.data(1, 0, "four");
			}
		};

		abstract void send(RawHttp2Client client, String path) throws IOException;

		private static void post(RawHttp2Client client, String path, String... more) throws IOException {
			head(client, path, 0, more);
		}

		private static void head(RawHttp2Client client, String path, int flags, String... more) throws IOException {
			String[] pseudo = { ":method", "POST", ":path", path, ":scheme", "http", ":authority", "a" };
			client.headers(1, flags, Stream.concat(Arrays.stream(pseudo), Arrays.stream(more)).toArray(String[]::new));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

		@Bean
		RouterFunction<ServerResponse> routes() {
			return RouterFunctions.route()
				.POST("/read", (request) -> request.bodyToMono(String.class).flatMap(ServerResponse.ok()::bodyValue))
				.POST("/stream", (request) -> ServerResponse.ok().body(request.bodyToFlux(String.class), String.class))
				.POST("/never", (request) -> Mono.never())
				.build();
		}

	}

}
