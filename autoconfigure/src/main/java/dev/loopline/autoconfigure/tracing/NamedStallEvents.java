package dev.loopline.autoconfigure.tracing;

import java.util.concurrent.TimeUnit;

import io.micrometer.tracing.Span;

import dev.loopline.runtime.stall.Stall;

/**
 * {@link StallEvents} for any tracer: its events have nothing but a name.
 */
final class NamedStallEvents implements StallEvents {

	@Override
	public void add(Span span, Stall stall) {
		String name = "loopline.stall %s %d ms at %s".formatted(StallEvents.kind(stall), stall.duration().toMillis(),
				(stall.culprit() != null) ? stall.culprit() : "an unknown place");
		span.event(name, stall.start().toEpochMilli(), TimeUnit.MILLISECONDS);
	}

}
