package dev.loopline.autoconfigure.limits;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.loopline.autoconfigure.support.TestServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link DeadlineHttpHandler}, in a server.
 */
class DeadlineHttpHandlerTests {

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private TestServer server;

	private LimitsApp.Handlers handlers;

	@AfterEach
	void stopServer() {
		this.handlers.release();
		this.server.close();
	}

	@Test
	void handlerIsCancelledAtTheDeadlineAndAnsweredFor() {
		start();
		assertPassed(send("/wait/a", "grpc-timeout", "50m").join());
		await().until(() -> this.handlers.left.get() == 1);
		assertThat(counter("loopline.deadlines.requests")).isEqualTo(1);
		assertThat(counter("loopline.deadlines.passed")).isEqualTo(1);
	}

	@Test
	void handlerThatKeepsItsThreadIsAnsweredFor() {
		start("loopline.stall.log=off");
		assertPassed(send("/keep", DeadlineHeaders.ENVOY, "500").join());
		assertThat(this.handlers.left).as("handlers that have returned").hasValue(0);
		// On the same connection, while the handler still keeps its thread
		assertThat(send("/plain", "grpc-timeout", "1M").join().body()).isEqualTo("plain");
	}

	@Test
	void requestWhoseDeadlineHasPassedIsNotStarted() {
		start();
		assertPassed(send("/wait/a", "grpc-timeout", "0S").join());
		assertPassed(send("/wait/a", "grpc-timeout", "1n").join());
		assertThat(send("/plain", "grpc-timeout", "99999999H").join().body()).isEqualTo("plain");
		assertThat(this.handlers.inside).hasValue(0);
	}

	@Test
	void requestLeavesTheLineOfALimitAtItsDeadline() {
		start("loopline.web.limits.a.paths=/wait/*", "loopline.web.limits.a.max-concurrent=1",
				"loopline.web.limits.a.max-queue=1", "loopline.web.limits.a.max-wait=30s");
		CompletableFuture<HttpResponse<String>> first = send("/wait/a", "X-None", "1");
		await().until(() -> this.handlers.inside.get() == 1);
		assertPassed(send("/wait/b", "grpc-timeout", "50m").join());
		this.handlers.goOn("a");
		assertThat(first.join().body()).isEqualTo("a");
		assertThat(this.handlers.inside).hasValue(1);
		await().until(() -> limit().inFlight() == 0);
		assertThat(limit().queued()).isZero();
	}

	@Test
	void shorterOfDeadlineAndTimeoutWins() {
		start("loopline.web.limits.a.paths=/wait/*", "loopline.web.limits.a.timeout=100ms");
		assertThat(send("/wait/a", "grpc-timeout", "1M").join().body()).contains("not answered in time");
		assertPassed(send("/wait/b", "grpc-timeout", "1m").join());
		assertThat(limit().timedOut()).isEqualTo(1);
		await().until(() -> this.handlers.left.get() == this.handlers.inside.get());
	}

	@Test
	void ownHeaderIsReadAndBadOnesAreNot() {
		start("loopline.web.deadlines.header=X-Wait-Ms");
		assertPassed(send("/wait/a", "X-Wait-Ms", "20").join());
		assertThat(send("/plain", "X-Wait-Ms", "soon").join().body()).isEqualTo("plain");
		assertThat(send("/actuator/health", "grpc-timeout", "0S").join().statusCode()).isEqualTo(200);
	}

	@Test
	void answerThatHasBegunGoesOn() {
		start();
		CompletableFuture<HttpResponse<String>> running = send("/stream/a", "grpc-timeout", "2S");
		await().until(() -> this.handlers.inside.get() == 1);
		// When this is answered the time of the first is over, too
		assertPassed(send("/wait/b", "grpc-timeout", "3S").join());
		this.handlers.goOn("a");
		assertThat(running.join().body()).isEqualTo("beguna");
	}

	@Test
	void headersMeanNothingIfTheyAreNotWanted() {
		start("loopline.web.deadlines.enabled=false");
		assertThat(send("/plain", "grpc-timeout", "0S").join().body()).isEqualTo("plain");
	}

	private void start(String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		this.server = TestServer.start(LimitsApp.class, all.toArray(String[]::new));
		this.handlers = this.server.context().getBean(LimitsApp.Handlers.class);
	}

	private CompletableFuture<HttpResponse<String>> send(String path, String header, String value) {
		return this.client.sendAsync(HttpRequest.newBuilder(this.server.uri(path)).header(header, value).build(),
				BodyHandlers.ofString());
	}

	private LimitSnapshot limit() {
		return this.server.context()
			.getBean(RequestLimits.class)
			.snapshot()
			.stream()
			.filter((limit) -> limit.name().equals("a"))
			.findFirst()
			.orElseThrow();
	}

	private double counter(String name) {
		return this.server.context().getBean(MeterRegistry.class).get(name).functionCounter().count();
	}

	private static void assertPassed(HttpResponse<String> answer) {
		assertThat(answer.statusCode()).isEqualTo(504);
		assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(answer.body()).contains("deadline of the request has passed");
	}

}
