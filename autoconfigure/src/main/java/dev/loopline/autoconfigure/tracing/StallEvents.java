package dev.loopline.autoconfigure.tracing;

import java.util.Locale;

import io.micrometer.tracing.Span;

import dev.loopline.runtime.stall.Stall;

/**
 * Adds stalls to spans. Safe for use by many threads.
 */
@FunctionalInterface
interface StallEvents {

	/**
	 * Adds an event at the time at which the stall began.
	 * @param span a span that has not ended
	 * @param stall the stall, which may not have ended
	 */
	void add(Span span, Stall stall);

	static String kind(Stall stall) {
		return stall.kind().name().toLowerCase(Locale.ROOT);
	}

}
