package dev.loopline.autoconfigure.web;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says which of the blocking routes is not a path pattern, and why.
 */
final class InvalidBlockingRouteFailureAnalyzer extends AbstractFailureAnalyzer<InvalidBlockingRouteException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidBlockingRouteException cause) {
		return new FailureAnalysis(cause.getMessage(),
				"Write it as in a controller's mapping, for example '/reports/**' or '/users/{id}/export'.", cause);
	}

}
