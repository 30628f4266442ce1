package dev.loopline.autoconfigure.reactor;

import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

import dev.loopline.runtime.TaskRuntime;

/**
 * Keeps Reactor's {@code block()} forbidden within strands and tasks, as it is on the
 * threads of Reactor Netty's own loops, but for runtimes that allow it; even there a
 * request must not wait for its own body. On which thread the scheduler runs them makes
 * no difference: a handler that failed at first and worked once its route was learned
 * would be nobody's friend. Safe for use by many threads.
 */
final class BlockingGuard {

	private static final AtomicBoolean installed = new AtomicBoolean();

	private BlockingGuard() {
	}

	/**
	 * Teaches Reactor our strands, once per JVM. There is nothing to undo: the predicate
	 * is true only on threads that run one at that moment.
	 */
	static void install() {
		if (installed.compareAndSet(false, true)) {
			Schedulers.registerNonBlockingThreadPredicate(
					(thread) -> thread == Thread.currentThread() && isGuarded(TaskRuntime.current()));
		}
	}

	private static boolean isGuarded(@Nullable TaskRuntime runtime) {
		return runtime != null && !BlockingPermit.isGiven()
				&& (!runtime.config().allowBlocking() || BlockingVeto.isCurrent());
	}

}
