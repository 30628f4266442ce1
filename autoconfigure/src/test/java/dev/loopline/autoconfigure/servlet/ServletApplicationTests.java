package dev.loopline.autoconfigure.servlet;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import dev.loopline.runtime.TaskRuntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for applications that Tomcat serves: tasks and clients run on the runtime, and
 * the endpoint shows them.
 */
@ExtendWith(OutputCaptureExtension.class)
class ServletApplicationTests {

	private static final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private ConfigurableApplicationContext context;

	private String endpoint;

	@AfterEach
	void stop() {
		this.context.close();
	}

	@Test
	void logDoesNotClaimTheServer(CapturedOutput output) throws Exception {
		start(output);
		assertThat(output).contains("Requests are handled as the web server does it", "Connections of clients run as")
			.doesNotContain(": Connections run as strands");
		assertThat(get("/../../thread", BodyHandlers.ofString()).body()).startsWith("http-nio-");
	}

	@Test
	void tasksRunOnTheRuntime(CapturedOutput output) throws Exception {
		start(output);
		assertThat(get("/../../task", BodyHandlers.ofString()).body()).isEqualTo("true");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "management.server.port=0", "server.servlet.context-path=/app",
			"spring.mvc.servlet.path=/mvc" })
	void addressThatIsPrintedIsThatOfTheConsole(String property, CapturedOutput output) throws Exception {
		start(output, property);
		HttpResponse<String> page = get("/console", BodyHandlers.ofString());
		assertThat(page.statusCode()).isEqualTo(200);
		assertThat(page.headers().firstValue("content-type"))
			.hasValueSatisfying((type) -> assertThat(type).startsWith("text/html"));
		assertThat(page.body()).contains("console.js");
		for (String file : List.of("/console.js", "/charts.js", "/theme.js", "/console.css", "/workers", "/strands",
				"/tasks", "/actors", "/stalls", "")) {
			HttpResponse<String> part = get(file, BodyHandlers.ofString());
			assertThat(part.statusCode()).as(file).isEqualTo(200);
			assertThat(part.headers().firstValue("x-content-type-options")).as(file).hasValue("nosniff");
			assertThat(part.headers().allValues("cache-control")).as(file).containsExactly("no-store");
			assertThat(part.headers().firstValue("content-security-policy")).as(file)
				.hasValueSatisfying((policy) -> assertThat(policy).contains("frame-ancestors 'none'"));
		}
	}

	@Test
	void badRequestsAreRefused(CapturedOutput output) throws Exception {
		start(output);
		assertThat(get("/strands?page=none", BodyHandlers.ofString()).statusCode()).isEqualTo(400);
		assertThat(get("/nothing", BodyHandlers.ofString()).statusCode()).isEqualTo(404);
	}

	@Test
	void eventsAreStreamed(CapturedOutput output) throws Exception {
		start(output);
		for (int i = 0; i < 40; i++) {
			HttpRequest head = request("/stream").method("HEAD", BodyPublishers.noBody()).build();
			assertThat(client.send(head, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
		}
		assertThat(events(2)).allSatisfy((event) -> assertThat(event).startsWith("data:{\"").contains("\"workers\""));
	}

	@Test
	void streamThatWasLeftIsNotCounted(CapturedOutput output) throws Exception {
		start(output);
		HttpRequest request = request("/stream").header("accept", "text/event-stream").build();
		List<CompletableFuture<HttpResponse<InputStream>>> streams = Stream
			.generate(() -> client.sendAsync(request, BodyHandlers.ofInputStream()))
			.limit(32)
			.toList();
		for (CompletableFuture<HttpResponse<InputStream>> stream : streams) {
			stream.join().body().close();
		}
		await().until(() -> {
			HttpResponse<InputStream> stream = stream();
			stream.body().close();
			return stream.statusCode() == 200;
		});
	}

	@Test
	void streamEndsWithTheServer(CapturedOutput output) throws Exception {
		start(output);
		try (BufferedReader lines = new BufferedReader(
				new InputStreamReader(stream().body(), StandardCharsets.UTF_8))) {
			lines.readLine();
			this.context.close();
			assertThat(lines.lines()).contains("event:shutdown");
		}
	}

	private List<String> events(int count) throws Exception {
		try (BufferedReader lines = new BufferedReader(
				new InputStreamReader(stream().body(), StandardCharsets.UTF_8))) {
			return lines.lines().filter((line) -> line.startsWith("data:")).limit(count).toList();
		}
	}

	private HttpResponse<InputStream> stream() throws Exception {
		return client.send(request("/stream").header("accept", "text/event-stream").build(),
				BodyHandlers.ofInputStream());
	}

	private <T> HttpResponse<T> get(String path, BodyHandler<T> handler) throws IOException, InterruptedException {
		return client.send(request(path).build(), handler);
	}

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create(this.endpoint + path).normalize()).timeout(Duration.ofSeconds(30));
	}

	private void start(CapturedOutput output, String... properties) {
		this.context = new SpringApplicationBuilder(App.class).properties(Stream
			.concat(Stream.of("server.port=0", "server.address=127.0.0.1", "spring.main.banner-mode=off",
					"spring.reactor.netty.shutdown-quiet-period=0", "management.endpoints.web.exposure.include=*",
					"loopline.workers=2"), Stream.of(properties))
			.filter((property) -> !property.isEmpty())
			.toArray(String[]::new)).run();
		this.endpoint = output.getOut()
			.lines()
			.filter((line) -> line.contains("Console at "))
			.reduce((first, last) -> last)
			.map((line) -> line.replaceFirst(".*Console at (.*)/console", "$1"))
			.orElseThrow();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

		@Bean
		Controller controller(TaskRuntime runtime) {
			return new Controller(runtime);
		}

	}

	@RestController
	record Controller(TaskRuntime runtime) {

		@GetMapping("/thread")
		String thread() {
			return Thread.currentThread().getName();
		}

		@GetMapping("/task")
		String task() {
			return String.valueOf(this.runtime.spawn(() -> TaskRuntime.current() == this.runtime).join());
		}

	}

}
