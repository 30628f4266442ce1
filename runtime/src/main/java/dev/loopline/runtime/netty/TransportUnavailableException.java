package dev.loopline.runtime.netty;

/**
 * A transport was asked for that does not work on this machine; the cause says why.
 */
public class TransportUnavailableException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	TransportUnavailableException(String message, Throwable cause) {
		super(message, cause);
	}

}
