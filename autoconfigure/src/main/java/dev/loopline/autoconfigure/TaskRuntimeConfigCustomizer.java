package dev.loopline.autoconfigure;

import dev.loopline.runtime.TaskRuntimeConfigBuilder;

/**
 * Callback for beans that change the configuration of the task runtime after the
 * properties were applied.
 */
@FunctionalInterface
public interface TaskRuntimeConfigCustomizer {

	/**
	 * Changes the configuration.
	 * @param builder holds what the properties say
	 */
	void customize(TaskRuntimeConfigBuilder builder);

}
