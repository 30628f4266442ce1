package dev.loopline.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

import dev.loopline.runtime.netty.TransportUnavailableException;

/**
 * Says what to do when the transport that was asked for cannot be used.
 */
final class TransportUnavailableFailureAnalyzer extends AbstractFailureAnalyzer<TransportUnavailableException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, TransportUnavailableException cause) {
		return new FailureAnalysis("%s: %s".formatted(cause.getMessage(), cause.getCause()),
				"Remove 'loopline.netty.transport' to use the best transport that works here, or add Netty's native "
						+ "library for this platform to the class path.",
				cause);
	}

}
