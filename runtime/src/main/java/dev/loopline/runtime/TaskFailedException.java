package dev.loopline.runtime;

import java.util.concurrent.CompletionException;

import dev.loopline.runtime.internal.support.Failures;

/**
 * Says which task failed; the cause says why.
 */
public final class TaskFailedException extends CompletionException {

	private static final long serialVersionUID = 1L;

	private final String task;

	TaskFailedException(BaseHandle<?> handle, Throwable cause) {
		super("%s failed: %s".formatted(handle, Failures.text(cause)), cause);
		this.task = handle.name();
	}

	/**
	 * Returns the name of the task.
	 * @return the name
	 */
	public String task() {
		return this.task;
	}

	/**
	 * The cause has the stack trace that matters.
	 */
	@Override
	public Throwable fillInStackTrace() {
		return this;
	}

}
