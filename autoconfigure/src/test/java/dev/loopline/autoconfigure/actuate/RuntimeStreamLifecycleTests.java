package dev.loopline.autoconfigure.actuate;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

import dev.loopline.autoconfigure.support.TestServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RuntimeStreamLifecycle}.
 */
@ExtendWith(OutputCaptureExtension.class)
class RuntimeStreamLifecycleTests {

	/** An hour to drain: whoever waits for it does not pass. */
	private static final String[] PATIENT = { "management.endpoints.web.exposure.include=loopline",
			"spring.lifecycle.timeout-per-shutdown-phase=1h" };

	@ParameterizedTest
	@ValueSource(strings = { "", "0" })
	@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	void openConsoleDoesNotDelayShutdown(String managementPort, CapturedOutput output) {
		try (TestServer server = start(managementPort)) {
			Iterator<String> lines = watch(server);
			await(lines, "event:snapshot");
			server.close();
			await(lines, "event:shutdown");
			assertThat(lines).toIterable().containsExactly("data:The server shuts down", "");
		}
		assertThat(output).contains("Graceful shutdown complete").doesNotContain("aborted");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "0" })
	@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	void openConsoleDoesNotDelayRestart(String managementPort) {
		try (TestServer server = start(managementPort)) {
			Iterator<String> lines = watch(server);
			await(lines, "event:snapshot");
			server.context().stop();
			await(lines, "event:shutdown");
			server.context().start();
			await(watch(server), "event:snapshot");
		}
	}

	@Test
	@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	void viewersKnowBeforeLoadBalancersDo() throws InterruptedException {
		try (TestServer server = start("", "loopline.shutdown.delay=1h")) {
			Iterator<String> lines = watch(server);
			await(lines, "event:snapshot");
			Thread closer = new Thread(server::close);
			closer.start();
			await(lines, "event:shutdown");
			closer.interrupt(); // cuts the delay short
			closer.join();
		}
	}

	private static TestServer start(String managementPort, String... properties) {
		return TestServer.start(App.class, Stream
			.of(Stream.of(PATIENT), Stream.of("management.server.port=" + managementPort), Stream.of(properties))
			.flatMap(Function.identity())
			.toArray(String[]::new));
	}

	private static Iterator<String> watch(TestServer server) {
		int port = server.context().getEnvironment().getProperty("local.management.port", int.class, server.port());
		URI stream = TestServer.uri(port, "/actuator/loopline/stream");
		CompletableFuture<HttpResponse<Stream<String>>> response = HttpClient.newHttpClient()
			.sendAsync(HttpRequest.newBuilder(stream).build(), HttpResponse.BodyHandlers.ofLines());
		return response.join().body().iterator();
	}

	private static void await(Iterator<String> lines, String wanted) {
		while (!lines.next().equals(wanted)) {
			assertThat(lines.hasNext()).isTrue();
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

	}

}
