package dev.loopline.autoconfigure;

import dev.loopline.runtime.TaskRuntime;

/**
 * Callback for beans that have something to do with the task runtime before it is handed
 * to anybody.
 */
@FunctionalInterface
public interface TaskRuntimeInitializer {

	/**
	 * Called once, when the runtime has started for the first time.
	 * @param runtime the runtime
	 */
	void initialize(TaskRuntime runtime);

}
