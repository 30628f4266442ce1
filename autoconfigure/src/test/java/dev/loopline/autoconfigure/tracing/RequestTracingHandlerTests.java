package dev.loopline.autoconfigure.tracing;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.micrometer.observation.Observation;
import io.micrometer.tracing.handler.TracingObservationHandler.TracingContext;
import io.micrometer.tracing.otel.bridge.OtelSpan;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.EventData;
import org.junit.jupiter.api.Test;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;

import dev.loopline.runtime.StrandStopwatch;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;
import dev.loopline.runtime.stall.Stall;
import dev.loopline.runtime.stall.WorkDescription;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RequestTracingHandler} and {@link StallEvents}.
 */
class RequestTracingHandlerTests {

	private final RequestTracingHandler handler = new RequestTracingHandler(new NamedStallEvents());

	private final ServerRequestObservationContext context = new ServerRequestObservationContext(
			MockServerHttpRequest.get("/").build(), new MockServerHttpResponse(), Map.of());

	private final Span recorded = SdkTracerProvider.builder().build().get("test").spanBuilder("span").startSpan();

	@Test
	void onlyRequestsOfTheServerAreMeasured() {
		assertThat(this.handler.supportsContext(this.context)).isTrue();
		assertThat(this.handler.supportsContext(new Observation.Context())).isFalse();
	}

	@Test
	void recordedSpanIsMeasuredOnAStrand() {
		setSpan(this.recorded);
		onAStrand(() -> this.handler.onStart(this.context));
		assertThat(stopwatch()).isNotNull();
		this.handler.onStop(this.context);
		assertThat(((ReadableSpan) this.recorded).toSpanData().getAttributes().asMap().keySet()).hasSize(8)
			.allMatch((key) -> key.getKey().startsWith("loopline."));
	}

	@Test
	void spanThatIsNotRecordedCostsNothing() {
		setSpan(Span.getInvalid());
		onAStrand(() -> this.handler.onStart(this.context));
		assertThat(stopwatch()).isNull();
		this.handler.onStop(this.context);
	}

	@Test
	void requestWithoutASpanIsLeftAlone() {
		onAStrand(() -> this.handler.onStart(this.context));
		assertThat(stopwatch()).isNull();
		this.handler.onStop(this.context);
	}

	@Test
	void requestBesideTheRuntimeIsLeftAlone() {
		setSpan(this.recorded);
		this.handler.onStart(this.context);
		this.handler.onStop(this.context);
		assertThat(((ReadableSpan) this.recorded).toSpanData().getAttributes().isEmpty()).isTrue();
	}

	@Test
	void eventsAreNamedWhereTheyCannotHaveAttributes() {
		Instant start = Instant.parse("2026-11-22T10:00:00.123Z");
		new NamedStallEvents().add(new OtelSpan(this.recorded),
				new Stall(Stall.Kind.BURNING, "thread", new WorkDescription(null, null, null), start,
						Duration.ofMillis(102), false,
						new StackTraceElement("com.example.Home", "work", "Home.java", 7), List.of()));
		EventData event = ((ReadableSpan) this.recorded).toSpanData().getEvents().get(0);
		assertThat(event.getName()).isEqualTo("loopline.stall burning 102 ms at com.example.Home.work(Home.java:7)");
		assertThat(event.getEpochNanos()).isEqualTo(start.toEpochMilli() * 1_000_000);
	}

	private StrandStopwatch stopwatch() {
		return this.context.get(StrandStopwatch.class);
	}

	private void setSpan(Span span) {
		TracingContext tracing = new TracingContext();
		tracing.setSpan(new OtelSpan(span));
		this.context.put(TracingContext.class, tracing);
	}

	private static void onAStrand(Runnable action) {
		try (TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(1)))) {
			CompletableFuture.runAsync(action, runtime.newStrand()).join();
		}
	}

}
