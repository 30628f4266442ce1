package dev.loopline.autoconfigure.clients;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;

import org.jspecify.annotations.Nullable;

import dev.loopline.autoconfigure.TaskRuntimeLifecycle;
import dev.loopline.runtime.Strand;
import dev.loopline.runtime.TaskRuntime;

/**
 * Runs what clients have to do on the runtime. What is refused, as the runtime has ended,
 * runs on the JVM's common pool: clients lose what they cannot hand over, and somebody
 * waits for ever. Safe for use by many threads.
 *
 * @param lifecycle knows the runtime
 */
record ClientWork(TaskRuntimeLifecycle lifecycle) implements Executor {

	@Override
	public void execute(Runnable task) {
		TaskRuntime runtime = runtime();
		run((runtime != null) ? runtime::execute : ForkJoinPool.commonPool(), task);
	}

	/**
	 * Runs what blocks, such as the lookup of a name.
	 */
	void executeBlocking(Runnable task) {
		TaskRuntime runtime = runtime();
		run((runtime != null) ? (job) -> runtime.spawnBlocking(Executors.callable(job)) : ForkJoinPool.commonPool(),
				task);
	}

	/**
	 * Returns an executor that runs everything on one strand.
	 */
	static Executor on(Strand strand) {
		return (task) -> run(strand, task);
	}

	private static void run(Executor executor, Runnable task) {
		try {
			executor.execute(task);
		}
		catch (RejectedExecutionException ex) {
			ForkJoinPool.commonPool().execute(task);
		}
	}

	/**
	 * Returns the runtime while there is one.
	 */
	@Nullable TaskRuntime runtime() {
		try {
			TaskRuntime runtime = this.lifecycle.runtime();
			return runtime.isShuttingDown() ? null : runtime;
		}
		catch (IllegalStateException ex) {
			return null; // the context has been stopped
		}
	}

}
