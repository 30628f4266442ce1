package dev.loopline.autoconfigure.reactor;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Supplier;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

import dev.loopline.runtime.TaskRuntime;

/**
 * An application context whose runtime Reactor's schedulers may run on, and those that
 * do. Safe for use by many threads.
 */
final class SchedulersOwner {

	private final Supplier<TaskRuntime> runtime;

	private final boolean boundedElastic;

	/** Those that somebody still refers to. */
	@GuardedBy("this")
	private final Set<StrandScheduler> schedulers = Collections.newSetFromMap(new WeakHashMap<>());

	@GuardedBy("this")
	private boolean alive;

	/**
	 * Creates an owner that has nothing yet.
	 * @param boundedElastic whether its threads for blocking work are for the schedulers
	 * for such work, too
	 */
	SchedulersOwner(Supplier<TaskRuntime> runtime, boolean boundedElastic) {
		this.runtime = runtime;
		this.boundedElastic = boundedElastic;
	}

	boolean hasBoundedElastic() {
		return this.boundedElastic;
	}

	synchronized void begin() {
		this.alive = true;
	}

	/**
	 * Makes a scheduler that has an heir when the context ends.
	 * @return {@code null} if it has ended
	 */
	synchronized @Nullable StrandScheduler newScheduler(String name, StrandScheduler.Kind kind, int capacity,
			Supplier<Scheduler> heirs) {
		if (!this.alive) {
			return null;
		}
		StrandScheduler scheduler = new StrandScheduler(this.runtime, name, kind, capacity, heirs);
		this.schedulers.add(scheduler);
		return scheduler;
	}

	/**
	 * Hands all of them to their heirs.
	 */
	void end() {
		takeSchedulers().forEach(StrandScheduler::bequeath);
	}

	private synchronized List<StrandScheduler> takeSchedulers() {
		this.alive = false;
		List<StrandScheduler> taken = List.copyOf(this.schedulers);
		this.schedulers.clear();
		return taken;
	}

}
