package dev.loopline.autoconfigure.overload;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says which property is to be changed.
 */
final class InvalidAdmissionFailureAnalyzer extends AbstractFailureAnalyzer<InvalidAdmissionException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidAdmissionException cause) {
		return new FailureAnalysis(cause.getMessage(),
				"Change the value of " + cause.key() + ", which is " + cause.value() + " now, or remove it.", cause);
	}

}
