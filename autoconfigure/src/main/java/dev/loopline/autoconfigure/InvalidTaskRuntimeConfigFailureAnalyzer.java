package dev.loopline.autoconfigure;

import java.util.Map;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

import dev.loopline.runtime.InvalidTaskRuntimeConfigException;

/**
 * Says which property to change when the runtime refuses its configuration.
 */
final class InvalidTaskRuntimeConfigFailureAnalyzer extends AbstractFailureAnalyzer<InvalidTaskRuntimeConfigException> {

	/** The property behind each component of the configuration that has one. */
	static final Map<String, String> PROPERTIES = Map.of("workers", "loopline.workers", "globalQueueInterval",
			"loopline.global-queue-interval", "eventInterval", "loopline.event-interval", "idleSpin",
			"loopline.idle-spin", "budget", "loopline.coop.budget", "quantum", "loopline.coop.quantum",
			"blockingThreads", "loopline.blocking.max-threads", "blockingQueueCapacity",
			"loopline.blocking.queue-capacity", "blockingKeepAlive", "loopline.blocking.keep-alive", "stallThreshold",
			"loopline.stall.threshold");

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidTaskRuntimeConfigException cause) {
		String key = PROPERTIES.getOrDefault(cause.getName(), cause.getName());
		String description = "The value '%s' of '%s' was refused.".formatted(cause.getValue(), key);
		String action = "Set '%s' to a value that is %s.".formatted(key, cause.getAllowed());
		return new FailureAnalysis(description, action, cause);
	}

}
