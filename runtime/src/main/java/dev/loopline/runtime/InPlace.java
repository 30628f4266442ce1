package dev.loopline.runtime;

import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

/**
 * Jobs that may block in the middle of a task. Knows of the calling thread only.
 */
final class InPlace {

	private static final ThreadLocal<@Nullable Boolean> ACTIVE = new ThreadLocal<>();

	private InPlace() {
	}

	/**
	 * Returns whether the calling thread is inside of such a job.
	 */
	static boolean isActive() {
		return ACTIVE.get() != null;
	}

	static <T> T call(Callable<T> job) throws Exception {
		WorkerThread current = WorkerThread.current();
		if (current != null) {
			current.offerWorker();
		}
		if (isActive()) {
			return job.call();
		}
		ACTIVE.set(Boolean.TRUE);
		try {
			return job.call();
		}
		finally {
			ACTIVE.remove();
		}
	}

}
