package dev.loopline.autoconfigure.tracing;

import java.time.Duration;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.handler.TracingObservationHandler.TracingContext;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;

import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;
import dev.loopline.runtime.StrandStopwatch;
import dev.loopline.runtime.StrandUsage;

/**
 * Tells the span of a request what the request's strand did meanwhile. Safe for use by
 * many threads.
 */
final class RequestTracingHandler implements ObservationHandler<ServerRequestObservationContext> {

	/*-
	 * Boot registers the handlers that make spans before those like this one, and handlers stop in reverse
	 * order: the span is there when this starts, and has not ended when this stops. A span that is not
	 * recorded costs two looks at a map.
	 */

	private final StallEvents stallEvents;

	RequestTracingHandler(StallEvents stallEvents) {
		this.stallEvents = stallEvents;
	}

	@Override
	public boolean supportsContext(Observation.Context context) {
		return context instanceof ServerRequestObservationContext;
	}

	@Override
	public void onStart(ServerRequestObservationContext context) {
		Strand strand = (recordedSpan(context) != null) ? Strand.current() : null;
		if (strand != null) {
			context.put(StrandStopwatch.class, StrandInstrumentation.measure(strand));
		}
	}

	@Override
	public void onStop(ServerRequestObservationContext context) {
		StrandStopwatch stopwatch = context.get(StrandStopwatch.class);
		Span span = (stopwatch != null) ? recordedSpan(context) : null;
		if (stopwatch != null && span != null) {
			StrandUsage usage = stopwatch.stop();
			tag(span, usage);
			usage.stalls().forEach((stall) -> this.stallEvents.add(span, stall));
		}
	}

	private static void tag(Span span, StrandUsage usage) {
		span.tag("loopline.running", seconds(usage.running()));
		span.tag("loopline.queued", seconds(usage.queued()));
		span.tag("loopline.queued_before", seconds(usage.queuedBefore()));
		span.tag("loopline.idle", seconds(usage.idle()));
		span.tag("loopline.polls", usage.polls());
		span.tag("loopline.moves", usage.moves());
		span.tag("loopline.yields", usage.yields());
		span.tag("loopline.handoffs", usage.handoffs());
	}

	/** The unit of OpenTelemetry's and Micrometer's own durations. */
	static double seconds(Duration time) {
		return time.toNanos() / 1e9;
	}

	private static @Nullable Span recordedSpan(ServerRequestObservationContext context) {
		TracingContext tracing = context.get(TracingContext.class);
		Span span = (tracing != null) ? tracing.getSpan() : null;
		return (span != null && !span.isNoop()) ? span : null;
	}

}
