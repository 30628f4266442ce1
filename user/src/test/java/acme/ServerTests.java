package acme;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * With a server on a port of its own, in the ways that an application is set up.
 */
class ServerTests {

	private static final int[] SIZES = { 10, 100, 500, 1000, 5_000, 50_000, 200_000, 1_000_000 };

	@ParameterizedTest
	@CsvSource({ "HTTP_1_1, epoll", "HTTP_1_1, nio", "HTTP_2, epoll", "HTTP_2, nio" })
	void bodiesOfAllSizesComeBack(HttpClient.Version version, String transport) throws Exception {
		try (Server server = new Server("server.http2.enabled=true", "loopline.netty.transport=" + transport)) {
			server.send(version, server.request("/")); // the upgrade, which takes no bodies on stock either
			for (int size : SIZES) {
				for (int i = 0; i < 10; i++) {
					String body = "b".repeat(size);
					HttpResponse<String> answer = server.send(version, server.request("/echo")
						.POST(BodyPublishers.ofString(body))
						.header("Content-Type", "text/plain"));
					assertThat(answer.statusCode()).isEqualTo(200);
					assertThat(answer.version()).isEqualTo(version);
					assertThat(answer.body()).hasSize(size).isEqualTo(body);
				}
			}
		}
	}

	@Test
	void twoContextsServeSideBySide() throws Exception {
		try (Server first = new Server(); Server second = new Server()) {
			assertThat(first.get("/thread")).startsWith("loopline");
			assertThat(second.get("/thread")).startsWith("loopline");
			first.close();
			assertThat(second.get("/park")).isEqualTo("parked");
			assertThat(second.get("/task")).isEqualTo("42");
		}
	}

	@ParameterizedTest
	@CsvSource({ "spring.main.lazy-initialization=true", "spring.threads.virtual.enabled=true",
			"loopline.web.blocking-routes=/park", "spring.reactor.context-propagation=auto",
			"management.server.port=0" })
	void settingChangesNoAnswer(String setting) throws Exception {
		try (Server server = new Server(setting)) {
			assertThat(server.get("/thread")).startsWith("loopline");
			List<String> parked = IntStream.range(0, 20).parallel().mapToObj((i) -> server.get("/park")).toList();
			assertThat(parked).containsOnly("parked");
			assertThat(server.get("/task")).isEqualTo("42");
			assertThat(server.get("/job")).isEqualTo("done");
		}
	}

	@Test
	void applicationIsStockWhenSwitchedOff() throws Exception {
		try (Server server = new Server("loopline.enabled=false")) {
			assertThat(server.get("/thread")).startsWith("reactor-http");
			assertThat(server.get("/task")).isEqualTo("42");
			assertThat(server.get("/job")).isEqualTo("done");
		}
	}

	@Test
	void endpointsAreServed() throws Exception {
		try (Server server = new Server()) {
			assertThat(server.get("/actuator/health")).contains("UP");
			assertThat(server.get("/actuator/loopline")).contains("workers");
			assertThat(server.get("/actuator/loopline/console")).contains("<html");
			assertThat(server.get("/actuator/metrics/loopline.workers")).contains("measurements");
		}
	}

	/**
	 * A whole application.
	 */
	static final class Server implements AutoCloseable {

		private final HttpClient client = HttpClient.newHttpClient();

		private final WebServerApplicationContext context;

		Server(String... settings) {
			String[] arguments = Stream.concat(Stream.of("server.port=0", "server.address=127.0.0.1"), Stream.of(settings))
				.map((setting) -> "--" + setting)
				.toArray(String[]::new);
			this.context = (WebServerApplicationContext) SpringApplication.run(Application.class, arguments);
		}

		HttpRequest.Builder request(String path) {
			return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
				.timeout(Duration.ofSeconds(20));
		}

		int port() {
			return this.context.getWebServer().getPort();
		}

		HttpResponse<String> send(HttpClient.Version version, HttpRequest.Builder request)
				throws IOException, InterruptedException {
			return this.client.send(request.version(version).build(), BodyHandlers.ofString());
		}

		String get(String path) {
			try {
				HttpResponse<String> answer = send(HttpClient.Version.HTTP_1_1, request(path));
				assertThat(answer.statusCode()).isEqualTo(200);
				return answer.body();
			}
			catch (IOException | InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

		@Override
		public void close() {
			((ConfigurableApplicationContext) this.context).close();
		}

	}

}
