package dev.loopline.autoconfigure.tracing;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;

/**
 * Keeps every span that has ended.
 */
class RecordedSpans implements SpanProcessor {

	private final Queue<SpanData> spans = new ConcurrentLinkedQueue<>();

	@Override
	public void onStart(Context parent, ReadWriteSpan span) {
	}

	@Override
	public boolean isStartRequired() {
		return false;
	}

	@Override
	public void onEnd(ReadableSpan span) {
		this.spans.add(span.toSpanData());
	}

	@Override
	public boolean isEndRequired() {
		return true;
	}

	List<SpanData> all() {
		return List.copyOf(this.spans);
	}

	SpanData awaitServerSpan(String name) {
		return await((span) -> span.getKind() == SpanKind.SERVER && span.getName().equals(name));
	}

	SpanData await(Predicate<SpanData> condition) {
		return org.awaitility.Awaitility.await()
			.until(() -> this.spans.stream().filter(condition).findFirst().orElse(null), (span) -> span != null);
	}

}
