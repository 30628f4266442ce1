package dev.loopline.runtime;

import java.util.Objects;

import dev.loopline.runtime.io.IoDriver;
import dev.loopline.runtime.io.IoReadiness;

/**
 * What drivers and strands have to do with each other, which is none of the business of
 * those who use strands. For the package {@code dev.loopline.runtime.netty}.
 */
public final class StrandIo {

	private StrandIo() {
	}

	/**
	 * Returns the driver of a worker.
	 * @param runtime the runtime
	 * @param worker the index of the worker
	 * @return the driver, in the current life of the runtime
	 * @throws IndexOutOfBoundsException if there is no such worker
	 */
	public static IoDriver driver(TaskRuntime runtime, int worker) {
		Objects.requireNonNull(runtime, "runtime");
		return runtime.scheduler().workers()[worker].driver;
	}

	/**
	 * Returns over how many workers, the first ones, new I/O is spread: each of them
	 * sleeps in a driver of its own and is woken by what it brings, so that more than
	 * there are processors only take turns.
	 * @param runtime the runtime
	 * @return at least one, at most the workers
	 */
	public static int workersForIo(TaskRuntime runtime) {
		Objects.requireNonNull(runtime, "runtime");
		return runtime.scheduler().processors().awake();
	}

	/**
	 * Queues a readiness for I/O, to be served after the tasks.
	 * @param strand the strand
	 * @param readiness the readiness, which must not be queued already
	 */
	public static void ready(Strand strand, IoReadiness readiness) {
		Objects.requireNonNull(strand, "strand");
		strand.ready(Objects.requireNonNull(readiness, "readiness"));
	}

	/**
	 * Queues a task behind everything that waits for the calling worker now: what is
	 * queued on the strand and, if that is nothing, the other work of its thread. So
	 * strands can do the same thing one right after the other, which is cheaper than in
	 * between others. Only within a poll of the strand.
	 * @param strand the strand
	 * @param task the task
	 * @return {@code false} if nothing waits, or the caller is no worker (any more), and
	 * the task was not queued
	 */
	public static boolean executeLast(Strand strand, Runnable task) {
		Objects.requireNonNull(strand, "strand");
		return strand.executeLast(Objects.requireNonNull(task, "task"));
	}

	/**
	 * Returns whether the given thread is inside a poll of a strand. Exact if it is the
	 * calling thread, else a snapshot.
	 * @param strand the strand
	 * @param thread the thread
	 * @return whether it runs the strand
	 */
	public static boolean isRunBy(Strand strand, Thread thread) {
		Objects.requireNonNull(strand, "strand");
		return strand.isRunBy(Objects.requireNonNull(thread, "thread"));
	}

	/**
	 * Returns whether a strand may be a while until it looks at its queue again: some
	 * thread is inside a poll of it, or it has become slow and runs beside the workers.
	 * @param strand the strand
	 * @return a snapshot
	 */
	public static boolean isBusy(Strand strand) {
		Objects.requireNonNull(strand, "strand");
		return strand.isRunning() || !strand.isFast();
	}

	/**
	 * Runs something at once as a strand, after the tasks that are queued. Only for a
	 * pinned strand, whose lock is the token of its driver: the caller must hold it.
	 * @param strand the strand
	 * @param event what to run
	 */
	public static void runPinned(Strand strand, Runnable event) {
		Objects.requireNonNull(strand, "strand");
		strand.runPinned(Objects.requireNonNull(event, "event"));
	}

	/**
	 * Runs something as a strand when no worker is left to do so. Only for the holder of
	 * the driver token, at the end of the runtime.
	 * @param strand the strand
	 * @param task what to run
	 */
	public static void runAfterEnd(Strand strand, Runnable task) {
		Objects.requireNonNull(strand, "strand");
		strand.runAfterEnd(Objects.requireNonNull(task, "task"));
	}

}
