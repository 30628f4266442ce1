package dev.loopline.runtime.stall;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * All stalls of the same route or task with the same line at the top of the application's
 * part of the stack. Immutable.
 *
 * @param method the class and the method; where no application code was on the stack the
 * innermost method, and {@link #UNKNOWN} for stalls nobody could look at in time
 * @param frame the frame of the last stall, with its line
 * @param count stalls, also those that still run
 * @param blocking those that waited
 * @param burning those that used the processor
 * @param running those that have not ended
 * @param total the time of all, up to now
 * @param max the time of the longest, up to now
 * @param firstSeen when the first one began
 * @param lastSeen when the last one began or ended
 * @param lastWork what a strand or a task was working for in the last one that was looked
 * at, or in one of the same route
 * @param lastStack the stack of the last one that was looked at
 */
public record Culprit(String method, @Nullable StackTraceElement frame, long count, long blocking, long burning,
		int running, Duration total, Duration max, Instant firstSeen, Instant lastSeen, WorkDescription lastWork,
		List<StackTraceElement> lastStack) {

	/** The name of all that are not known. */
	public static final String UNKNOWN = "(unsampled)";

}
