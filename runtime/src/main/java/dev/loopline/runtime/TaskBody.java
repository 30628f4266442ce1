package dev.loopline.runtime;

/**
 * What a task does, in steps: it is polled again whenever it was woken, until it is
 * ready. Called by one thread at a time.
 *
 * @param <T> the type of the result
 */
@FunctionalInterface
public interface TaskBody<T> {

	/**
	 * Does what can be done now.
	 * @param task the task, to wait and to share the worker with
	 * @return the result, or why there is none yet
	 * @throws Exception to fail the task
	 */
	Poll<T> poll(TaskContext task) throws Exception;

}
