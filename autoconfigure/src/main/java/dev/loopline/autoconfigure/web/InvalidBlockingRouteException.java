package dev.loopline.autoconfigure.web;

import org.springframework.web.util.pattern.PatternParseException;

/**
 * Thrown when a path pattern of {@code loopline.web.blocking-routes} is not well-formed.
 */
final class InvalidBlockingRouteException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	InvalidBlockingRouteException(String pattern, PatternParseException cause) {
		super("The value '%s' in 'loopline.web.blocking-routes' is not a path pattern, see position %d: %s"
			.formatted(pattern, cause.getPosition(), cause.getMessage()), cause);
	}

}
