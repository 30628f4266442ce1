package dev.loopline.runtime;

import java.util.Collections;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * The threads of all runtimes and where they may block, for tools that look for calls
 * that do. Safe for use by many threads.
 */
public final class RuntimeThreads {

	private static final Set<Thread> THREADS = Collections
		.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

	private RuntimeThreads() {
	}

	/**
	 * Adds a thread that has not started.
	 */
	static void add(Thread thread) {
		THREADS.add(thread);
	}

	/**
	 * Returns whether a thread was made for a runtime.
	 * @param thread a thread; a virtual one is known only to itself
	 * @return {@code true} for those of the workers, of the blocking pool, of the lane
	 * and of the runtime itself
	 */
	public static boolean contains(Thread thread) {
		return THREADS.contains(Objects.requireNonNull(thread, "thread"))
				|| thread == Thread.currentThread() && LaneRun.current() != null;
	}

	/**
	 * Returns whether the calling thread runs a worker, so that others wait when it
	 * blocks.
	 * @return {@code false} on threads beside the workers and on those of others
	 */
	public static boolean isWorker() {
		WorkerThread current = WorkerThread.current();
		return current != null && !current.isSeized();
	}

	/**
	 * Returns whether it is all right that the calling thread of a runtime blocks:
	 * anywhere but in a strand or task, and within {@link TaskRuntime#blockInPlace} and
	 * strands that are {@linkplain StrandOptions#blocking() known to block} even there.
	 * It makes no difference that the thread has lost its worker or is one of the slow
	 * lane: that is a matter of time.
	 * @return {@code false} in strands and tasks that others rely on not to block
	 */
	public static boolean mayBlock() {
		if (InPlace.isActive()) {
			return true;
		}
		WorkerThread worker = WorkerThread.current();
		if (worker != null) {
			return !worker.isPolling();
		}
		Work work = SlowLane.current();
		return work == null || work.isBlocking();
	}

}
