package dev.loopline.autoconfigure.reactor;

import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

import dev.loopline.runtime.Strand;

/**
 * A task of one of Reactor's schedulers that knows what it works for where that has no
 * strand, as on {@code boundedElastic()}: what goes on from there on strands is the same
 * work.
 */
final class InheritedWork implements Runnable {

	private static final String HOOK = InheritedWork.class.getName();

	private static final ThreadLocal<@Nullable ContinuedWork> current = new ThreadLocal<>();

	private final Runnable task;

	private final ContinuedWork work;

	private InheritedWork(Runnable task, ContinuedWork work) {
		this.task = task;
		this.work = work;
	}

	/**
	 * Lets all of Reactor's schedulers of the JVM pass it on, from now on.
	 */
	static void install() {
		Schedulers.onScheduleHook(HOOK, InheritedWork::of);
	}

	static void uninstall() {
		Schedulers.resetOnScheduleHook(HOOK);
	}

	private static Runnable of(Runnable task) {
		ContinuedWork work = ContinuedWork.current();
		return (work != null) ? new InheritedWork(task, work.lasting()) : task;
	}

	/**
	 * Returns what the calling thread works for, which runs no strand.
	 */
	static @Nullable ContinuedWork current() {
		return current.get();
	}

	@Override
	public void run() {
		if (Strand.current() != null) { // which knows it
			this.task.run();
			return;
		}
		ContinuedWork before = current.get();
		current.set(this.work);
		Runnable end = this.work.enter();
		try {
			this.task.run();
		}
		finally {
			if (end != null) {
				end.run();
			}
			if (before != null) {
				current.set(before);
			}
			else {
				current.remove();
			}
		}
	}

}
