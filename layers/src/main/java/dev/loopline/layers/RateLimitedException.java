package dev.loopline.layers;

import java.time.Duration;

/**
 * Whoever sends the requests sends them too fast.
 */
public final class RateLimitedException extends LayerException {

	private static final long serialVersionUID = 1L;

	RateLimitedException(Duration retryAfter) {
		super("Too many requests in too short a time", retryAfter);
	}

}
