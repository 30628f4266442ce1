package dev.loopline.autoconfigure.limits;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import dev.loopline.autoconfigure.support.TestServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link LimitHttpHandler}, in a server.
 */
@ExtendWith(OutputCaptureExtension.class)
class LimitHttpHandlerTests {

	private static final String PREFIX = "loopline.web.limits.a.";

	private TestServer server;

	private LimitsApp.Handlers handlers;

	private HttpClient client;

	@AfterEach
	void stopServer() {
		this.handlers.release();
		this.server.close();
	}

	@Test
	void requestBeyondThoseThatMayRunIsRefusedAndOthersAreNot() {
		start("paths=/wait/*", "max-concurrent=2");
		List<CompletableFuture<HttpResponse<String>>> running = enter("/wait/a", "/wait/b");
		HttpResponse<String> refused = this.server.get("/wait/c");
		assertProblem(refused, 503);
		assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow()).isBetween(1L, 2L);
		assertThat(this.server.get("/plain").body()).isEqualTo("plain");
		assertThat(limit()).extracting(LimitSnapshot::inFlight, LimitSnapshot::accepted, LimitSnapshot::refused)
			.containsExactly(2, 2L, 1L);
		goOn("a", "b");
		assertThat(running).allMatch((answer) -> answer.join().statusCode() == 200);
		awaitNobody();
		assertThat(this.handlers.inside).hasValue(2);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void requestThatWaitsBeginsWhenAnotherHasEnded(boolean http2) {
		start("paths=/wait/*", "max-concurrent=1", "max-queue=1", "max-wait=30s", "!server.http2.enabled=" + http2);
		this.client = HttpClient.newBuilder()
			.version(http2 ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
			.build();
		if (http2) {
			send(get("/plain")).join(); // upgrades the connection
		}
		CompletableFuture<HttpResponse<String>> first = send(get("/wait/a"));
		await().until(() -> this.handlers.inside.get() == 1);
		CompletableFuture<HttpResponse<String>> second = send(get("/wait/b"));
		await().until(() -> limit().queued() == 1);
		assertProblem(send(get("/wait/c")).join(), 503);
		goOn("b");
		assertThat(second).isNotDone();
		goOn("a");
		assertThat(first.join().body()).isEqualTo("a");
		assertThat(second.join().body()).isEqualTo("b");
		awaitNobody();
	}

	@Test
	void requestThatHasWaitedForTooLongIsRefusedAndNeverStarted() {
		start("paths=/wait/*", "max-concurrent=1", "max-queue=1", "max-wait=50ms");
		enter("/wait/a");
		assertProblem(this.server.get("/wait/b"), 503);
		goOn("a", "b");
		awaitNobody();
		assertThat(this.handlers.inside).hasValue(1);
	}

	@Test
	void clientThatLeavesTheLineOrTheHandlerMakesRoom() {
		start("paths=/wait/*", "max-concurrent=1", "max-queue=1", "max-wait=30s");
		this.client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
		CompletableFuture<HttpResponse<String>> running = send(get("/wait/a"));
		await().until(() -> this.handlers.inside.get() == 1);
		CompletableFuture<HttpResponse<String>> waiting = send(get("/wait/b"));
		await().until(() -> limit().queued() == 1);
		waiting.cancel(true);
		await().until(() -> limit().queued() == 0);
		running.cancel(true);
		await().until(() -> this.handlers.left.get() == 1);
		awaitNobody();
		assertThat(this.handlers.inside).hasValue(1);
	}

	@Test
	void permitIsHeldUntilTheBodyIsWritten() {
		start("paths=/stream/*", "max-concurrent=1");
		CompletableFuture<HttpResponse<String>> running = enter("/stream/a").get(0);
		assertProblem(this.server.get("/stream/b"), 503);
		goOn("a");
		assertThat(running.join().body()).isEqualTo("beguna");
		awaitNobody();
	}

	@Test
	void handlerThatDoesNotAnswerInTimeIsCancelledAndAnsweredFor() {
		start("paths=/wait/*", "timeout=50ms", "max-concurrent=1");
		assertProblem(this.server.get("/wait/a"), 504);
		await().until(() -> this.handlers.left.get() == 1);
		awaitNobody();
		assertThat(limit()).extracting(LimitSnapshot::accepted, LimitSnapshot::timedOut).containsExactly(1L, 1L);
	}

	@Test
	void handlerThatKeepsItsThreadIsAnsweredForAndCountsUntilItReturns(CapturedOutput output) {
		start("paths=/keep", "timeout=1s", "max-concurrent=1", "!loopline.stall.log=off");
		this.client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
		HttpResponse<String> answer = send(get("/keep")).join();
		assertProblem(answer, 504);
		assertThat(answer.headers().firstValue("X-Late")).isEmpty();
		assertThat(this.handlers.left).as("handlers that have returned").hasValue(0);
		assertThat(limit().inFlight()).isEqualTo(1);
		// On the same connection, while the handler still keeps its thread
		assertThat(send(get("/plain")).join().body()).isEqualTo("plain");
		assertProblem(send(get("/keep")).join(), 503);
		this.handlers.release();
		await().until(() -> this.handlers.left.get() == 1);
		awaitNobody();
		for (int i = 0; i < 3; i++) {
			assertThat(send(get("/plain")).join().body()).isEqualTo("plain");
		}
		assertThat(output).doesNotContain("500 Server Error", "AbortedException");
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void handlerThatKeepsAnotherThreadCountsUntilItReturns(boolean elastic) {
		start("paths=/keep-elsewhere", "timeout=2s", "max-concurrent=1", "!loopline.stall.log=off");
		assertProblem(this.server.get("/keep-elsewhere?elastic=" + elastic), 504);
		assertThat(this.handlers.inside).hasValue(1);
		assertThat(limit().inFlight()).isEqualTo(1);
		assertProblem(this.server.get("/keep-elsewhere?elastic=" + elastic), 503);
		this.handlers.release();
		await().until(() -> this.handlers.left.get() == 1);
		awaitNobody();
	}

	@Test
	void webSocketCountsUntilItIsClosed() {
		start("paths=/socket", "max-concurrent=1");
		this.client = HttpClient.newHttpClient();
		WebSocket open = openSocket().join();
		assertThat(limit().inFlight()).isEqualTo(1);
		assertThatThrownBy(() -> openSocket().join()).hasCauseInstanceOf(WebSocketHandshakeException.class);
		assertThat(limit()).extracting(LimitSnapshot::inFlight, LimitSnapshot::refused).containsExactly(1, 1L);
		open.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
		awaitNobody();
		openSocket().join().abort();
		awaitNobody();
	}

	private CompletableFuture<WebSocket> openSocket() {
		URI uri = URI.create(this.server.uri("/socket").toString().replace("http:", "ws:"));
		return this.client.newWebSocketBuilder().buildAsync(uri, new WebSocket.Listener() {
		});
	}

	@Test
	void uploadIsAnsweredForAndItsConnectionIsOfUse() {
		start("paths=/keep", "timeout=1s", "!loopline.stall.log=off");
		this.client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
		HttpRequest upload = HttpRequest.newBuilder(this.server.uri("/keep"))
			.POST(BodyPublishers.ofByteArray(new byte[200_000]))
			.build();
		assertProblem(send(upload).join(), 504);
		assertThat(send(get("/plain")).join().body()).isEqualTo("plain");
	}

	@Test
	void routeThatIsKnownToBlockIsAnsweredForToo() {
		start("paths=/keep", "timeout=1s", "max-concurrent=1", "!loopline.web.blocking-routes=/keep");
		assertProblem(this.server.get("/keep"), 504);
		assertThat(limit().inFlight()).isEqualTo(1);
		this.handlers.release();
		awaitNobody();
	}

	@Test
	void answerThatHasBegunIsNotTimedOut() {
		start("paths=/stream/*,/wait/*", "timeout=1s");
		goOn("warm");
		this.server.get("/stream/warm");
		this.handlers.inside.set(0);
		long before = limit().timedOut(); // that may have taken too long
		CompletableFuture<HttpResponse<String>> running = enter("/stream/a").get(0);
		// Then the time of the first is over, too
		assertProblem(this.server.get("/wait/b"), 504);
		goOn("a");
		assertThat(running.join().body()).isEqualTo("beguna");
		assertThat(limit().timedOut()).isEqualTo(before + 1);
	}

	@Test
	void rateIsThatOfTheKey() {
		start("paths=/plain", "rate.permits=1", "rate.period=1h", "rate.key=header", "rate.header=X-Key",
				"rate.headers=true");
		HttpResponse<String> granted = getAs("X-Key", "a");
		assertThat(granted.statusCode()).isEqualTo(200);
		assertThat(granted.headers().firstValue("RateLimit-Policy")).hasValue("\"a\";q=1;w=3600");
		HttpResponse<String> refused = getAs("X-Key", "a");
		assertProblem(refused, 429);
		assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow()).isBetween(3_000L, 3_600L);
		assertThat(getAs("X-Key", "b").statusCode()).isEqualTo(200);
		assertThat(this.server.get("/plain").statusCode()).isEqualTo(200);
		assertProblem(this.server.get("/plain"), 429);
		assertThat(limit().rateLimited()).isEqualTo(2);
	}

	@Test
	void rateIsThatOfTheUser() {
		start("paths=/plain", "rate.permits=1", "rate.period=1h", "rate.key=principal");
		assertThat(getAs("X-User", "a").statusCode()).isEqualTo(200);
		assertProblem(getAs("X-User", "a"), 429);
		assertThat(getAs("X-User", "b").statusCode()).isEqualTo(200);
		assertThat(this.server.get("/plain").statusCode()).isEqualTo(200);
		assertProblem(this.server.get("/plain"), 429);
	}

	@ParameterizedTest
	@ValueSource(strings = { "native", "framework" })
	void rateIsThatOfTheAddressBehindForwardedHeaders(String strategy) {
		start("paths=/plain", "rate.permits=1", "rate.period=1h", "rate.key=remote-address",
				"!server.forward-headers-strategy=" + strategy);
		assertThat(getAs("X-Forwarded-For", "192.0.2.1").statusCode()).isEqualTo(200);
		assertProblem(getAs("X-Forwarded-For", "192.0.2.1"), 429);
		assertThat(getAs("X-Forwarded-For", "192.0.2.2").statusCode()).isEqualTo(200);
		assertThat(getAs("X-Forwarded-For", "2001:db8::1").statusCode()).isEqualTo(200);
		assertProblem(getAs("X-Forwarded-For", "2001:db8::2"), 429);
	}

	@Test
	void forwardedHeadersThatTheServerDoesNotUseDoNotCount() {
		start("paths=/plain", "rate.permits=1", "rate.period=1h", "rate.key=remote-address",
				"!server.forward-headers-strategy=none");
		assertThat(getAs("X-Forwarded-For", "192.0.2.1").statusCode()).isEqualTo(200);
		assertProblem(getAs("X-Forwarded-For", "192.0.2.2"), 429);
	}

	@Test
	void annotationLimitsItsHandler() {
		start("paths=/plain", "priority=critical");
		CompletableFuture<HttpResponse<String>> running = enter("/annotated").get(0);
		assertProblem(this.server.get("/annotated"), 503);
		goOn("annotated");
		assertThat(running.join().body()).isEqualTo("annotated");
	}

	@Test
	void actuatorIsNeverLimited() {
		start("paths=/**", "rate.permits=1", "rate.period=1h");
		this.server.get("/plain");
		assertProblem(this.server.get("/plain"), 429);
		assertThat(this.server.get("/actuator/health").statusCode()).isEqualTo(200);
	}

	@Test
	void metersAndEndpointShowTheLimit() {
		start("paths=/wait/*", "max-concurrent=1", "!management.endpoints.web.exposure.include=loopline");
		enter("/wait/a");
		this.server.get("/wait/b");
		MeterRegistry meters = this.server.context().getBean(MeterRegistry.class);
		for (String outcome : List.of("accepted", "refused")) {
			assertThat(meters.get("loopline.limits.requests")
				.tags("limit", "a", "outcome", outcome)
				.functionCounter()
				.count()).isEqualTo(1);
		}
		assertThat(meters.get("loopline.limits.in-flight").tags("limit", "a").gauge().value()).isEqualTo(1);
		assertThat(meters.get("loopline.limits.queued").tags("limit", "a").gauge().value()).isZero();
		assertThat(this.server.get("/actuator/loopline").body()).contains("\"limits\":[{",
				"{\"name\":\"a\",\"routes\":[\"/wait/*\"]");
		goOn("a");
	}

	private void start(String... settings) {
		List<String> properties = new ArrayList<>();
		for (String setting : settings) {
			properties.add(setting.startsWith("!") ? setting.substring(1) : PREFIX + setting);
		}
		this.server = TestServer.start(LimitsApp.class, properties.toArray(String[]::new));
		this.handlers = this.server.context().getBean(LimitsApp.Handlers.class);
	}

	/**
	 * Sends requests, each when the one before is being handled.
	 */
	private List<CompletableFuture<HttpResponse<String>>> enter(String... paths) {
		List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
		for (String path : paths) {
			answers.add(this.server.getAsync(path));
			await().until(() -> this.handlers.inside.get() == answers.size());
		}
		return answers;
	}

	private HttpRequest get(String path) {
		return HttpRequest.newBuilder(this.server.uri(path)).build();
	}

	private CompletableFuture<HttpResponse<String>> send(HttpRequest request) {
		return this.client.sendAsync(request, BodyHandlers.ofString());
	}

	private HttpResponse<String> getAs(String header, String value) {
		this.client = HttpClient.newHttpClient();
		URI uri = this.server.uri("/plain");
		return send(HttpRequest.newBuilder(uri).header(header, value).build()).join();
	}

	private void goOn(String... keys) {
		for (String key : keys) {
			this.handlers.goOn(key);
		}
	}

	private void awaitNobody() {
		await().until(() -> limit().inFlight() == 0 && limit().queued() == 0);
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

	private static void assertProblem(HttpResponse<String> answer, int status) {
		assertThat(answer.statusCode()).isEqualTo(status);
		assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(answer.body()).contains("\"status\":" + status, "\"title\":");
		assertThat(answer.headers().firstValue("Retry-After").isPresent()).isEqualTo(status != 504);
	}

}
