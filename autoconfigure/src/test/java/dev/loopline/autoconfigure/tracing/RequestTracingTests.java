package dev.loopline.autoconfigure.tracing;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import reactor.core.publisher.Hooks;

import dev.loopline.autoconfigure.support.TestServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for traces of a server: what spans say, and that they hang together.
 */
@ExtendWith(OutputCaptureExtension.class)
class RequestTracingTests {

	private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

	private static final String PARENT = "00f067aa0ba902b7";

	private TestServer server;

	private RecordedSpans spans;

	@AfterEach
	void stop() {
		this.server.close();
		Hooks.disableAutomaticContextPropagation();
	}

	@ParameterizedTest
	@EnumSource(HttpClient.Version.class)
	void spanSaysHowLongTheRequestRanAndWaited(HttpClient.Version version) throws Exception {
		// The only worker is held until a timer fires, which must not need it
		start("loopline.workers=1", "loopline.stall.threshold=1h", "server.http2.enabled=true",
				"loopline.reactor.schedulers=false");
		HttpClient client = HttpClient.newBuilder().version(version).build();
		long start = System.nanoTime();
		HttpResponse<String> response = client.send(HttpRequest.newBuilder(this.server.uri("/split")).build(),
				HttpResponse.BodyHandlers.ofString());
		double wall = (System.nanoTime() - start) / 1e9;
		assertThat(response.version()).isEqualTo(version);
		SpanData span = this.spans.awaitServerSpan("http get /split");
		double running = number(span, "loopline.running");
		double queued = number(span, "loopline.queued");
		double idle = number(span, "loopline.idle");
		assertThat(running).isGreaterThanOrEqualTo(seconds(TracingApp.RUNNING));
		assertThat(queued).isGreaterThanOrEqualTo(seconds(TracingApp.QUEUED));
		// The timer starts within the poll, the rest of which is not idle
		assertThat(running + idle).isGreaterThanOrEqualTo(seconds(TracingApp.RUNNING.plus(TracingApp.IDLE)));
		assertThat(running + queued + idle).isLessThanOrEqualTo(wall);
		assertThat(queued - number(span, "loopline.queued_before")).isGreaterThanOrEqualTo(seconds(TracingApp.QUEUED));
		assertThat(count(span, "loopline.polls")).isGreaterThanOrEqualTo(2);
		assertThat(Stream.of("loopline.moves", "loopline.yields", "loopline.handoffs"))
			.allSatisfy((key) -> assertThat(count(span, key)).isNotNegative());
	}

	@ParameterizedTest
	@ValueSource(strings = { "/stall", "/stalled-before" })
	void stallIsAnEventOfTheSpan(String path) {
		start();
		assertThat(this.server.get(path).statusCode()).isEqualTo(200);
		SpanData span = this.spans.awaitServerSpan("http get " + path);
		EventData event = span.getEvents()
			.stream()
			.filter((candidate) -> TracingApp.TracedController.class.getName()
				.concat(".stickHere")
				.equals(candidate.getAttributes().get(AttributeKey.stringKey("code.function.name"))))
			.findFirst()
			.orElseThrow();
		Attributes attributes = event.getAttributes();
		assertThat(event.getName()).isEqualTo("loopline.stall");
		assertThat(attributes.get(AttributeKey.stringKey("code.file.path"))).isEqualTo("TracingApp.java");
		assertThat(attributes.get(AttributeKey.longKey("code.line.number"))).isPositive();
		assertThat(attributes.get(AttributeKey.stringKey("loopline.stall.kind"))).isEqualTo("blocking");
		assertThat(attributes.get(AttributeKey.doubleKey("loopline.stall.duration"))).isGreaterThanOrEqualTo(0.005);
		assertThat(attributes.get(AttributeKey.stringKey("thread.name"))).isNotBlank();
		assertThat(event.getEpochNanos()).isLessThan(span.getEndEpochNanos());
	}

	@Test
	void traceFlowsInAndOut() {
		start("management.tracing.sampling.probability=0");
		String body = get("/call", "01");
		SpanData inner = this.spans.awaitServerSpan("http get /traceparent");
		SpanData outer = this.spans.awaitServerSpan("http get /call");
		SpanData call = this.spans.await((span) -> span.getKind() == SpanKind.CLIENT);
		assertThat(body).isEqualTo("00-" + TRACE + "-" + call.getSpanId() + "-01");
		assertThat(Stream.of(outer, call, inner)).extracting(SpanData::getTraceId).containsOnly(TRACE);
		assertThat(outer.getParentSpanId()).isEqualTo(PARENT);
		assertThat(call.getParentSpanId()).isEqualTo(outer.getSpanId());
		assertThat(inner.getParentSpanId()).isEqualTo(call.getSpanId());
		assertThat(number(inner, "loopline.running")).isPositive();
	}

	@Test
	void traceThatIsNotSampledFlowsOnUnrecorded() {
		start();
		assertThat(get("/call", "00")).startsWith("00-" + TRACE).endsWith("-00");
		assertThat(get("/spawn", "00")).contains("task " + TRACE);
		assertThat(this.spans.all()).isEmpty();
	}

	@Test
	void logLinesCarryTheTraceAcrossStrands(CapturedOutput output) {
		start();
		assertThat(get("/log", "01")).isEqualTo("operator " + TRACE);
		assertThat(output.getOut().lines().filter((line) -> line.contains("in the controller"))).singleElement()
			.asString()
			.contains(TRACE);
		assertThat(output.getOut().lines().filter((line) -> line.contains("on another strand"))).singleElement()
			.asString()
			.contains(TRACE);
	}

	@Test
	void spawnedWorkMakesChildSpans() {
		start("loopline.tracing.tasks=true");
		assertThat(get("/spawn", "01")).contains("task " + TRACE, "blocking " + TRACE, "inner " + TRACE, "failing",
				"waited");
		SpanData request = this.spans.awaitServerSpan("http get /spawn");
		SpanData outer = named("outer");
		assertThat(Stream.of("task", "waiting", "blocking", "failing")).allSatisfy((name) -> {
			assertThat(named(name).getTraceId()).isEqualTo(TRACE);
			assertThat(named(name).getParentSpanId()).isEqualTo(request.getSpanId());
		});
		assertThat(named("inner").getParentSpanId()).isEqualTo(outer.getSpanId());
		assertThat(outer.getParentSpanId()).isEqualTo(request.getSpanId());
		assertThat(count(named("waiting"), "loopline.polls")).isPositive();
		assertThat(outer.getAttributes().get(AttributeKey.booleanKey("loopline.task.aborted"))).isFalse();
		assertThat(named("failing").getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
		await().until(() -> this.spans.all()
			.stream()
			.filter((span) -> span.getName().equals("blocking") && span.getStatus().getStatusCode() == StatusCode.ERROR)
			.count() == 1);
	}

	@Test
	void stallOfATaskIsAnEventOfItsSpan() {
		start("loopline.tracing.tasks=true");
		get("/spawned-stall", "01");
		assertThat(named("import").getEvents()).anySatisfy((event) -> {
			assertThat(event.getName()).isEqualTo("loopline.stall");
			assertThat(event.getAttributes().get(AttributeKey.stringKey("loopline.stall.task"))).isEqualTo("import");
			assertThat(event.getAttributes().get(AttributeKey.stringKey("code.function.name")))
				.endsWith("TracedController.stickHere");
		});
	}

	@Test
	void spawnedWorkMakesNoSpansUnlessAsked() {
		start();
		assertThat(get("/spawn", "01")).contains("task " + TRACE, "blocking " + TRACE, "inner " + TRACE);
		this.spans.awaitServerSpan("http get /spawn");
		assertThat(this.spans.all()).extracting(SpanData::getKind).containsOnly(SpanKind.SERVER);
	}

	@Test
	void spansAreStockWhenSwitchedOff() {
		start("loopline.tracing.enabled=false", "loopline.tracing.tasks=true");
		assertThat(get("/spawn", "01")).contains("task " + TRACE);
		Map<AttributeKey<?>, Object> attributes = this.spans.awaitServerSpan("http get /spawn").getAttributes().asMap();
		assertThat(attributes.keySet()).isNotEmpty().noneMatch((key) -> key.getKey().startsWith("loopline"));
		assertThat(this.spans.all()).hasSize(1);
	}

	@Test
	void spanWithoutAParentBeginsATrace() {
		start();
		this.server.get("/traceparent");
		assertThat(this.spans.awaitServerSpan("http get /traceparent").getParentSpanId())
			.isEqualTo(SpanId.getInvalid());
	}

	private void start(String... properties) {
		this.server = TestServer.start(TracingApp.class,
				Stream
					.concat(Stream.of("management.tracing.sampling.probability=1",
							"spring.reactor.context-propagation=auto"), Stream.of(properties))
					.toArray(String[]::new));
		this.spans = this.server.context().getBean(RecordedSpans.class);
	}

	private String get(String path, String flags) {
		HttpRequest request = HttpRequest.newBuilder(this.server.uri(path))
			.timeout(Duration.ofSeconds(30))
			.header("traceparent", "00-" + TRACE + "-" + PARENT + "-" + flags)
			.build();
		HttpResponse<String> response = HttpClient.newHttpClient()
			.sendAsync(request, HttpResponse.BodyHandlers.ofString())
			.join();
		assertThat(response.statusCode()).isEqualTo(200);
		return response.body();
	}

	private SpanData named(String name) {
		return this.spans.await((span) -> span.getName().equals(name));
	}

	private static double number(SpanData span, String key) {
		return span.getAttributes().get(AttributeKey.doubleKey(key));
	}

	private static long count(SpanData span, String key) {
		return span.getAttributes().get(AttributeKey.longKey(key));
	}

	private static double seconds(Duration time) {
		return time.toNanos() / 1e9;
	}

}
