package dev.loopline.runtime;

import java.util.concurrent.CompletionStage;

/**
 * What a {@link TaskBody} may ask of its task. Only for the running poll, but for
 * {@link #wake()}.
 */
public interface TaskContext {

	/**
	 * Returns the handle of the task.
	 * @return the handle
	 */
	JoinHandle<?> handle();

	/**
	 * Has the task polled again: now it is suspended, or after the running poll. For any
	 * thread, at any time.
	 */
	void wake();

	/**
	 * Takes one from the budget of the poll, by number and by time.
	 * @return {@code false} if the budget is spent: the body should return
	 * {@link Poll#yielded()}
	 */
	boolean proceed();

	/**
	 * Waits for a stage, at the cost of one from the budget.
	 * @param stage what to wait for
	 * @return {@code true} if it is complete; else the task will be woken, and the body
	 * should return {@link Poll#suspended()}
	 */
	boolean await(CompletionStage<?> stage);

	/**
	 * Makes the budget endless from now on. Others then rely on this task to return soon.
	 */
	void unconstrained();

}
