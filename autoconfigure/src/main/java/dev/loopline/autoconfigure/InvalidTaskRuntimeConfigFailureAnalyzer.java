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
	static final Map<String, String> PROPERTIES = Map.ofEntries(Map.entry("workers", "loopline.workers"),
			Map.entry("globalQueueInterval", "loopline.global-queue-interval"),
			Map.entry("eventInterval", "loopline.event-interval"), Map.entry("idleSpin", "loopline.idle-spin"),
			Map.entry("budget", "loopline.coop.budget"), Map.entry("quantum", "loopline.coop.quantum"),
			Map.entry("blockingThreads", "loopline.blocking.max-threads"),
			Map.entry("blockingThreadKind", "loopline.blocking.threads"),
			Map.entry("blockingVirtualThreads", "loopline.blocking.max-virtual-threads"),
			Map.entry("blockingQueueCapacity", "loopline.blocking.queue-capacity"),
			Map.entry("blockingKeepAlive", "loopline.blocking.keep-alive"),
			Map.entry("burnShare", "loopline.blocking.burn-share"),
			Map.entry("stallThreshold", "loopline.stall.threshold"));

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidTaskRuntimeConfigException cause) {
		String key = PROPERTIES.getOrDefault(cause.getName(), cause.getName());
		String description = "The value '%s' of '%s' was refused.".formatted(cause.getValue(), key);
		String action = "Set '%s' to a value that is %s.".formatted(key, cause.getAllowed());
		return new FailureAnalysis(description, action, cause);
	}

}
