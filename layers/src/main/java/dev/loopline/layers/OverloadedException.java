package dev.loopline.layers;

import java.time.Duration;

/**
 * There are too many requests.
 */
public final class OverloadedException extends LayerException {

	private static final long serialVersionUID = 1L;

	private final Reason reason;

	OverloadedException(Reason reason, Duration retryAfter) {
		super(reason.message, retryAfter);
		this.reason = reason;
	}

	/**
	 * Returns why this one was refused.
	 * @return the reason
	 */
	public Reason reason() {
		return this.reason;
	}

	/**
	 * Why a request was refused.
	 */
	public enum Reason {

		/** As many wait as may. */
		QUEUE_FULL("Too many requests are being handled"),

		/** It has waited for as long as it may. */
		WAITED_TOO_LONG("The request has waited for too long to be handled"),

		/** Its server has refused too many of those before it. */
		THROTTLED("Too many of the requests before it were refused");

		private final String message;

		Reason(String message) {
			this.message = message;
		}

	}

}
