package dev.loopline.autoconfigure.reactor;

import java.util.concurrent.atomic.AtomicBoolean;

import reactor.core.scheduler.Schedulers;

import dev.loopline.runtime.TaskRuntime;

/**
 * Keeps Reactor's {@code block()} forbidden on worker threads, as it is on the threads of
 * Reactor Netty's own loops.
 */
final class BlockingGuard {

	private static final AtomicBoolean installed = new AtomicBoolean();

	private BlockingGuard() {
	}

	/**
	 * Teaches Reactor our workers, once per JVM. There is nothing to undo: the predicate
	 * is true only on threads that run a worker at that moment.
	 */
	static void install() {
		if (installed.compareAndSet(false, true)) {
			Schedulers.registerNonBlockingThreadPredicate(
					(thread) -> thread == Thread.currentThread() && TaskRuntime.isWorkerThread());
		}
	}

}
