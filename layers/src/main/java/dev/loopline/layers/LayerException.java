package dev.loopline.layers;

import java.time.Duration;

/**
 * A layer answers in place of its service. Has no stack trace: to refuse must cost less
 * than to serve.
 */
public abstract class LayerException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final Duration retryAfter;

	LayerException(String message, Duration retryAfter) {
		super(message, null, false, false);
		this.retryAfter = retryAfter;
	}

	/**
	 * Returns when the request may have more luck.
	 * @return in how long, or zero if nothing is known of that
	 */
	public final Duration retryAfter() {
		return this.retryAfter;
	}

}
