package dev.loopline.runtime.stall;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A poll of a strand or a task that lasted longer than the stall threshold. Immutable.
 *
 * @param kind what the thread did
 * @param thread the name of the thread
 * @param work what the strand or the task was working for
 * @param start when the poll began
 * @param duration how long it lasted, or has lasted so far
 * @param running whether it has not ended yet
 * @param culprit the innermost frame of the application, if its stack has one
 * @param stack the frames that were seen while the thread was stuck, the innermost first;
 * empty if there was no time to look
 */
public record Stall(Kind kind, String thread, WorkDescription work, Instant start, Duration duration, boolean running,
		@Nullable StackTraceElement culprit, List<StackTraceElement> stack) {

	/**
	 * What keeps a thread from going on.
	 */
	public enum Kind {

		/** It waits or sleeps. */
		BLOCKING,

		/** It uses the processor. */
		BURNING

	}

}
