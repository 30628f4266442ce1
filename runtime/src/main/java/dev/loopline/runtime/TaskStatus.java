package dev.loopline.runtime;

/**
 * What a task is doing.
 */
public enum TaskStatus {

	/** It waits for something and is in no queue. */
	SUSPENDED,

	/** It waits for a worker. */
	RUNNABLE,

	/** A thread is inside a poll of it. */
	RUNNING,

	/** It has ended with a result or a failure. */
	COMPLETE,

	/** It was aborted: it has ended, or will before it runs again. */
	CANCELLED

}
