package dev.loopline.runtime;

import org.jspecify.annotations.Nullable;

/**
 * A thread of a runtime that was given no thread factory. It finds the worker loop that
 * it is inside of faster than a {@link ThreadLocal} does, which every spawn asks for
 * twice.
 */
final class RuntimeThread extends Thread {

	private static final ThreadLocal<@Nullable WorkerThread> LOOP_OF_OTHERS = new ThreadLocal<>();

	/**
	 * Whether a thread of another class has ever run a worker. Plain: such a thread wrote
	 * it itself, and what the others see makes no difference to them.
	 */
	private static boolean others;

	private @Nullable WorkerThread loop;

	RuntimeThread(Runnable runnable, String name) {
		super(runnable, name);
		setDaemon(true);
	}

	/**
	 * Returns the worker loop that the calling thread, of any class, is inside of.
	 */
	static @Nullable WorkerThread currentLoop() {
		if (Thread.currentThread() instanceof RuntimeThread thread) {
			return thread.loop;
		}
		return others ? LOOP_OF_OTHERS.get() : null;
	}

	static void enter(WorkerThread loop) {
		if (Thread.currentThread() instanceof RuntimeThread thread) {
			thread.loop = loop;
		}
		else {
			others = true;
			LOOP_OF_OTHERS.set(loop);
		}
	}

	static void leave() {
		if (Thread.currentThread() instanceof RuntimeThread thread) {
			thread.loop = null;
		}
		else {
			LOOP_OF_OTHERS.remove();
		}
	}

}
