package dev.loopline.runtime.stall;

import java.util.List;
import java.util.Objects;

/**
 * A method that was seen on stacks of stalls, below the same callers. Immutable.
 *
 * @param method the class and the method
 * @param application whether it is code of the application
 * @param samples the stacks that it was seen on
 * @param callees what it called, the most frequent first; they may have fewer samples
 * than this has, as it was the innermost method itself, or there was no room for more
 */
public record SampledFrame(String method, boolean application, long samples, List<SampledFrame> callees) {

	public SampledFrame {
		Objects.requireNonNull(method, "method");
		callees = List.copyOf(callees);
	}

}
