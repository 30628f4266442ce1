package dev.loopline.runtime;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;

/**
 * Awaits, aborts and observes one task. As a stage it completes with the result, with a
 * {@link TaskFailedException} or, if the task was aborted, with a
 * {@link java.util.concurrent.CancellationException}. Safe for use by many threads.
 *
 * <p>
 * A task whose handle nobody keeps runs on. A failure that nobody looks at, by this
 * handle, is logged once.
 *
 * @param <T> the type of the result
 */
public sealed interface JoinHandle<T> extends CompletionStage<T> permits BaseHandle {

	/**
	 * Blocks until the task has ended. A strand or a task must not: it chains a stage, or
	 * waits within {@link TaskRuntime#spawnBlocking} or {@link TaskRuntime#blockInPlace}.
	 * What has ended may be joined anywhere.
	 * @return the result
	 * @throws IllegalStateException if the task has not ended and the caller is inside of
	 * a strand or a task, unless {@link TaskRuntimeConfig#allowBlocking()}
	 * @throws TaskFailedException if the task failed
	 * @throws java.util.concurrent.CancellationException if the task was aborted
	 */
	T join();

	/**
	 * Blocks until the task has ended, as {@link #join()} does.
	 * @param timeout how long to wait at most; not at all if it is not positive
	 * @return the result
	 * @throws IllegalStateException if this would wait inside of a strand or a task
	 * @throws TimeoutException if the task has not ended by then; it runs on
	 * @throws InterruptedException if the calling thread is interrupted
	 * @throws TaskFailedException if the task failed
	 * @throws java.util.concurrent.CancellationException if the task was aborted
	 */
	T join(Duration timeout) throws TimeoutException, InterruptedException;

	/**
	 * Ends the task: a running poll is the last one, a suspended or queued task does not
	 * run again. What the task waits for is cancelled. A blocking job that runs goes on,
	 * but nobody gets its result.
	 * @return {@code false} if the task has ended
	 */
	boolean abort();

	/**
	 * Returns whether the task has ended.
	 * @return whether a result, a failure or an abort is there
	 */
	boolean isFinished();

	/**
	 * Returns what the task is doing.
	 * @return a snapshot
	 */
	TaskStatus status();

	/**
	 * Returns a number that no other task of the runtime has.
	 * @return the number, from 1
	 */
	long id();

	/**
	 * Returns the name that was given to the task.
	 * @return the name, or {@code task-} and the id
	 */
	String name();

	/**
	 * Returns whether the task was given a name when it was spawned.
	 * @return {@code false} if {@link #name()} makes one up
	 */
	boolean isNamed();

}
