package dev.loopline.autoconfigure.hardening;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says which property is to be changed.
 */
final class InvalidHardeningFailureAnalyzer extends AbstractFailureAnalyzer<InvalidHardeningException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidHardeningException cause) {
		return new FailureAnalysis(cause.getMessage(), "Change " + cause.key() + ", or remove it.", cause);
	}

}
