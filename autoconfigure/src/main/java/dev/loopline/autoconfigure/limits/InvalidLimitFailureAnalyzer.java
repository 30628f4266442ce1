package dev.loopline.autoconfigure.limits;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says which limit is wrong, why, and what to do.
 */
final class InvalidLimitFailureAnalyzer extends AbstractFailureAnalyzer<InvalidLimitException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidLimitException cause) {
		return new FailureAnalysis(cause.getMessage(), cause.remedy(), cause);
	}

}
