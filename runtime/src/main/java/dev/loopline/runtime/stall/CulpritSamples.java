package dev.loopline.runtime.stall;

import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The stacks of a culprit that were looked at in the last 15 to 30 minutes, merged from
 * the application's outermost frame inwards, else from that of the culprit. Immutable.
 *
 * @param method the class and the method, as of the {@link Culprit}
 * @param frame the frame of the culprit, with its line
 * @param work what a strand or a task was working for
 * @param samples the stacks
 * @param callees the outermost frames, the most frequent first
 */
public record CulpritSamples(String method, @Nullable StackTraceElement frame, WorkDescription work, long samples,
		List<SampledFrame> callees) {

	public CulpritSamples {
		Objects.requireNonNull(method, "method");
		Objects.requireNonNull(work, "work");
		callees = List.copyOf(callees);
	}

}
