package dev.loopline.runtime;

import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

/**
 * Called for everything that is submitted to a runtime, to trace it or to carry a context
 * along. Called by many threads.
 */
@FunctionalInterface
public interface TaskHooks {

	/**
	 * Called by the spawning thread, before the task can run.
	 * @param task the task
	 * @return told of everything else that happens to the task, or {@code null}
	 */
	@Nullable TaskObserver onSpawn(JoinHandle<?> task);

	/**
	 * Called by the submitting thread for a blocking job, and for what is given to
	 * something that is built on strands, such as a message to an actor.
	 * @param work what will run
	 * @return what to run instead
	 */
	default Runnable onSubmit(Runnable work) {
		return work;
	}

	/**
	 * Called by the submitting thread for a blocking job, and after {@link #onSubmit}:
	 * what this returns runs inside of what that returns.
	 * @param <T> the type of the result
	 * @param job what will be called
	 * @return what to call instead
	 */
	default <T> Callable<T> onSpawnBlocking(Callable<T> job) {
		return job;
	}

}
