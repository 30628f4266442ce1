package dev.loopline.autoconfigure.tracing;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.otel.bridge.OtelSpan;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;

import dev.loopline.runtime.stall.Stall;

/**
 * {@link StallEvents} for OpenTelemetry. Code and thread are called as its semantic
 * conventions have it.
 */
final class OpenTelemetryStallEvents implements StallEvents {

	@Override
	public void add(Span span, Stall stall) {
		AttributesBuilder attributes = Attributes.builder()
			.put("loopline.stall.kind", StallEvents.kind(stall))
			.put("loopline.stall.duration", RequestTracingHandler.seconds(stall.duration()))
			.put("thread.name", stall.thread());
		String task = stall.work().task();
		if (task != null) {
			attributes.put("loopline.stall.task", task);
		}
		StackTraceElement culprit = stall.culprit();
		if (culprit != null) {
			attributes.put("code.function.name", culprit.getClassName() + "." + culprit.getMethodName());
			if (culprit.getFileName() != null) {
				attributes.put("code.file.path", culprit.getFileName());
				attributes.put("code.line.number", culprit.getLineNumber());
			}
		}
		OtelSpan.toOtel(span).addEvent("loopline.stall", attributes.build(), stall.start());
	}

}
