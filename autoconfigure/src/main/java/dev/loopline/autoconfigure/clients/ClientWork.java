package dev.loopline.autoconfigure.clients;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;

import org.jspecify.annotations.Nullable;

import dev.loopline.autoconfigure.TaskRuntimeLifecycle;
import dev.loopline.autoconfigure.reactor.ContinuedWork;
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
		run(executor, task, ForkJoinPool.commonPool());
	}

	/**
	 * Hands a task over.
	 * @param executor runs it, or refuses to
	 * @param otherwise runs what was refused
	 */
	static void run(Executor executor, Runnable task, Executor otherwise) {
		try {
			executor.execute(new Handed(task));
		}
		catch (RejectedExecutionException ex) {
			otherwise.execute(task);
		}
	}

	/**
	 * Returns a new strand of what the caller works for.
	 * @return {@code null} if there is no runtime any more
	 */
	@Nullable Strand newStrand() {
		return newStrand(ContinuedWork.current());
	}

	/**
	 * Returns a new strand of some work, or of none.
	 * @return {@code null} if there is no runtime any more
	 */
	@Nullable Strand newStrand(@Nullable ContinuedWork work) {
		TaskRuntime runtime = runtime();
		if (runtime == null) {
			return null;
		}
		return (work != null) ? work.newStrand(runtime) : runtime.newStrand();
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

	/**
	 * A task that the runtime has accepted. If it ends before the task's turn it cancels
	 * the future that this is, once: then the task runs elsewhere.
	 */
	private static final class Handed extends CompletableFuture<Void> implements Runnable {

		private final Runnable task;

		Handed(Runnable task) {
			this.task = task;
		}

		@Override
		public void run() {
			this.task.run();
		}

		@Override
		public boolean cancel(boolean mayInterruptIfRunning) {
			ForkJoinPool.commonPool().execute(this.task);
			return true;
		}

		@Override
		public String toString() {
			return this.task.toString();
		}

	}

}
