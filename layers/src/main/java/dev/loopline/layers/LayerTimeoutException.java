package dev.loopline.layers;

import java.time.Duration;

/**
 * There was no answer in time, and the request was given up.
 */
public final class LayerTimeoutException extends LayerException {

	private static final long serialVersionUID = 1L;

	LayerTimeoutException(Duration timeout) {
		super("No answer within " + timeout, Duration.ZERO);
	}

}
