package dev.loopline.autoconfigure.reactor;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import reactor.core.Disposable;

import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;
import dev.loopline.runtime.StrandKind;
import dev.loopline.runtime.TaskRuntime;

/**
 * As many strands as a pool of Reactor's would have threads, in turn: nothing else runs
 * in parallel, which somebody may rely on. Safe for use by many threads.
 */
final class StrandsTarget implements SchedulerTarget {

	private final Strand[] strands;

	private final SchedulerTarget[] targets;

	private final AtomicInteger turn = new AtomicInteger();

	StrandsTarget(TaskRuntime runtime, int count) {
		this.strands = Stream.generate(runtime::newStrand).limit(count).toArray(Strand[]::new);
		this.targets = Stream.of(this.strands).map(Unlisted::new).toArray(SchedulerTarget[]::new);
	}

	SchedulerTarget next() {
		return this.targets[Math.floorMod(this.turn.getAndIncrement(), this.targets.length)];
	}

	@Override
	public void execute(Runnable task) {
		next().execute(task);
	}

	@Override
	public Disposable scheduleAt(Runnable task, long deadlineNanos) {
		return next().scheduleAt(task, deadlineNanos);
	}

	@Override
	public void enlist(Object label) {
		for (Strand strand : this.strands) {
			StrandInstrumentation.enlist(strand, StrandKind.SCHEDULER, label);
		}
	}

	/** Is listed for the scheduler and not for each of the workers that share it. */
	private record Unlisted(Strand strand) implements SchedulerTarget {

		@Override
		public void execute(Runnable task) {
			this.strand.execute(task);
		}

		@Override
		public Disposable scheduleAt(Runnable task, long deadlineNanos) {
			return this.strand.scheduleAt(task, deadlineNanos)::cancel;
		}

	}

}
