package dev.loopline.autoconfigure.reactor;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.TaskRuntime;

/**
 * Where an application has its runtime from. Safe for use by many threads.
 */
public interface RuntimeSource {

	/**
	 * Returns the runtime that serves the current life of the context, starting it if
	 * need be.
	 * @return the runtime
	 * @throws IllegalStateException if the context has ended: nobody would stop a runtime
	 * that starts then
	 */
	TaskRuntime runtime();

	/**
	 * Returns the runtime if it is there for more than being asked about.
	 * @return {@code null} if nobody has needed it yet
	 */
	default @Nullable TaskRuntime runtimeInUse() {
		return runtime();
	}

}
