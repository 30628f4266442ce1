package dev.loopline.layers;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * There was no answer in time, and the request was given up.
 */
public final class LayerTimeoutException extends LayerException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param timeout the longest time of all requests, or {@code null} if this one had a
	 * deadline of its own
	 */
	LayerTimeoutException(@Nullable Duration timeout) {
		super((timeout != null) ? "No answer within " + timeout : "No answer before the deadline", Duration.ZERO);
	}

}
