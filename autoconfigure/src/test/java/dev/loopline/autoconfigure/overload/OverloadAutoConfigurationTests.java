package dev.loopline.autoconfigure.overload;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindException;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

import dev.loopline.autoconfigure.support.TestServer;
import dev.loopline.runtime.time.Ticker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link OverloadAutoConfiguration} and {@link Admission}.
 */
@ExtendWith(OutputCaptureExtension.class)
class OverloadAutoConfigurationTests {

	private static final long SECOND = 1_000_000_000;

	@Test
	void refusesWhileOverloadedAndSaysSo(CapturedOutput output) {
		try (TestServer server = TestServer.start(App.class, "loopline.web.admission.client-header=X-Client",
				"loopline.web.priority.critical=/critical", "management.endpoints.web.exposure.include=*")) {
			overload(server);
			HttpResponse<String> refused = get(server, "/");
			assertThat(refused.statusCode()).isEqualTo(503);
			assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
			assertThat(refused.headers().firstValue("Retry-After").orElseThrow()).matches("[1-5]");
			assertThat(refused.body()).contains("\"status\":503");
			assertThat(get(server, "/actuator/health").statusCode()).isEqualTo(200);
			Admission admission = admission(server);
			assertThat(admission.refused(RequestPriority.NORMAL)).isPositive();
			assertThat(server.context()
				.getBean(MeterRegistry.class)
				.get("loopline.overload.refused")
				.tag("priority", "normal")
				.functionCounter()
				.count()).isPositive();
			assertThat(get(server, "/actuator/loopline").body()).contains("\"overload\":{\"overloaded\":true");
			admission.ended(1_000, 0);
			assertThat(get(server, "/").statusCode()).isEqualTo(200);
			admission.ended(1_000, 0);
			assertThat(output).containsOnlyOnce("Overloaded: ").containsOnlyOnce("Not overloaded any more: ");
		}
	}

	@Test
	void connectionOfARefusedRequestGoesOn() throws IOException {
		try (TestServer server = TestServer.start(App.class, "loopline.web.admission.client-header=X-Client");
				Socket socket = new Socket("127.0.0.1", server.port())) {
			socket.setSoTimeout(20_000);
			overload(server);
			String client = unlucky();
			write(socket, "POST / HTTP/1.1\r\nHost: a\r\nX-Client: " + client + "\r\nContent-Length: 5\r\n\r\nabcde");
			assertThat(readUntil(socket, "can\"}")).startsWith("HTTP/1.1 503 ");
			admission(server).ended(1_000, 0);
			write(socket, "GET / HTTP/1.1\r\nHost: a\r\nX-Client: " + client + "\r\n\r\n");
			assertThat(readUntil(socket, "served")).startsWith("HTTP/1.1 200 ");
		}
	}

	@Test
	void refusesStreamsOfASharedConnection() throws Exception {
		HttpClient client = HttpClient.newHttpClient();
		try (TestServer server = TestServer.start(App.class, "loopline.web.admission.client-header=X-Client",
				"server.http2.enabled=true")) {
			HttpRequest request = HttpRequest.newBuilder(server.uri("/")).header("X-Client", unlucky()).build();
			assertThat(client.sendAsync(request, HttpResponse.BodyHandlers.ofString()).get(20, TimeUnit.SECONDS).body())
				.isEqualTo("served");
			overload(server);
			HttpResponse<String> refused = client.sendAsync(request, HttpResponse.BodyHandlers.ofString())
				.get(20, TimeUnit.SECONDS);
			assertThat(refused.version()).isEqualTo(HttpClient.Version.HTTP_2);
			assertThat(refused.statusCode()).isEqualTo(503);
		}
	}

	@Test
	void managementPortOfItsOwnIsNotAffected() {
		try (TestServer server = TestServer.start(App.class, "loopline.web.admission.client-header=X-Client",
				"management.server.port=0", "management.server.address=127.0.0.1",
				"management.endpoints.web.base-path=/manage")) {
			overload(server);
			assertThat(get(server, "/").statusCode()).isEqualTo(503);
			int port = server.context().getEnvironment().getRequiredProperty("local.management.port", Integer.class);
			assertThat(get(TestServer.uri(port, "/manage/health")).statusCode()).isEqualTo(200);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "loopline.web.overload=off", "loopline.enabled=false" })
	void canBeTurnedOff(String property) {
		try (TestServer server = TestServer.start(App.class, property)) {
			assertThat(server.context().getBeansOfType(Admission.class)).isEmpty();
			assertThat(server.get("/").body()).isEqualTo("served");
		}
	}

	@Test
	void wrongModeStopsTheStart() {
		assertThatException().isThrownBy(() -> TestServer.start(App.class, "loopline.web.overload=of").close())
			.withStackTraceContaining(ConfigurationPropertiesBindException.class.getName())
			.withStackTraceContaining("loopline.web.overload");
	}

	@ParameterizedTest
	@ValueSource(strings = { "0ms", "-1s", "11s" })
	void wrongTargetStopsTheStart(String target) {
		assertThatExceptionOfType(Exception.class)
			.isThrownBy(() -> TestServer.start(App.class, "loopline.web.admission.target=" + target).close())
			.withRootCauseInstanceOf(InvalidAdmissionException.class);
	}

	private static void overload(TestServer server) {
		server.get("/");
		Admission admission = admission(server);
		for (int i = 0; i < 30; i++) {
			admission.ended(1, SECOND);
		}
	}

	private static Admission admission(TestServer server) {
		return server.context().getBean(Admission.class);
	}

	private static HttpResponse<String> get(TestServer server, String path) {
		return get(server.uri(path));
	}

	private static HttpResponse<String> get(URI uri) {
		HttpRequest request = HttpRequest.newBuilder(uri).header("X-Client", unlucky()).build();
		return HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_1_1)
			.build()
			.sendAsync(request, HttpResponse.BodyHandlers.ofString())
			.join();
	}

	/**
	 * Returns a client that is among the first to be refused, in this hour and the next.
	 */
	private static String unlucky() {
		long now = Ticker.system().nanos();
		return IntStream.range(0, 10_000)
			.mapToObj((i) -> "client-" + i)
			.filter((client) -> number(client, now) > 0.6 && number(client, now + 3_600 * SECOND) > 0.6)
			.findFirst()
			.orElseThrow();
	}

	private static double number(String client, long nanos) {
		return AdmittedClasses.number(Admission.salted(client.hashCode(), nanos), 0);
	}

	private static void write(Socket socket, String request) throws IOException {
		socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
	}

	private static String readUntil(Socket socket, String end) throws IOException {
		StringBuilder text = new StringBuilder();
		InputStream in = socket.getInputStream();
		while (text.indexOf(end) < 0) {
			int next = in.read();
			assertThat(next).as(text.toString()).isNotNegative();
			text.append((char) next);
		}
		return text.toString();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

		@Bean
		RouterFunction<ServerResponse> routes() {
			return RouterFunctions.route()
				.GET("/", (request) -> ServerResponse.ok().bodyValue("served"))
				.POST("/", (request) -> ServerResponse.ok().bodyValue("served"))
				.build();
		}

		@Bean
		SimpleMeterRegistry meterRegistry() {
			return new SimpleMeterRegistry();
		}

	}

}
