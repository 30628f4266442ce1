package dev.loopline.autoconfigure.reactor;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

import dev.loopline.runtime.TaskRuntime;

/**
 * Keeps Reactor's {@code block()} forbidden on worker threads, as it is on the threads of
 * Reactor Netty's own loops, but for runtimes that permit it. Safe for use by many
 * threads.
 */
final class BlockingGuard {

	private static final AtomicBoolean installed = new AtomicBoolean();

	private static final Set<TaskRuntime> permissive = Collections
		.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

	private BlockingGuard() {
	}

	/**
	 * Teaches Reactor our workers, once per JVM. There is nothing to undo: the predicate
	 * is true only on threads that run a worker at that moment.
	 */
	static void install() {
		if (installed.compareAndSet(false, true)) {
			Schedulers.registerNonBlockingThreadPredicate(
					(thread) -> thread == Thread.currentThread() && isGuarded(TaskRuntime.ofWorkerThread()));
		}
	}

	private static boolean isGuarded(@Nullable TaskRuntime runtime) {
		return runtime != null && !permissive.contains(runtime);
	}

	/**
	 * Permits {@code block()} on the workers of a runtime.
	 */
	static void permit(TaskRuntime runtime) {
		permissive.add(runtime);
	}

}
