package dev.loopline.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Where strands run whose last poll stalled, beside the workers. Safe for use by many
 * threads.
 */
final class SlowLane {

	/*-
	 * Admission
	 * ---------
	 * Strands are admitted in order, one blocking thread each, while fewer of these threads use the
	 * processor than there are permits: about one per core, so that burners cannot crowd out the
	 * workers. A thread that waits needs no permit. A strand that last blocked is taken for one that
	 * will block again, and the monitor corrects that at every look.
	 *
	 * A burner that never ends keeps its permit. As every other strand would then wait for ever, a
	 * strand that has been at the head of the line for too long is admitted without one.
	 *
	 * The monitor of this object is held for a few instructions, by threads that run slow strands.
	 */

	/** The longest time at the head of the line. */
	private static final long PATIENCE_NANOS = 100_000_000;

	private final TaskRuntime runtime;

	private final int permits;

	private final ArrayDeque<Strand> waiting = new ArrayDeque<>();

	private final List<Run> running = new ArrayList<>();

	/** Runs that use the processor, as far as is known. */
	private int runnable;

	private long admissions;

	private long lastAdmission;

	SlowLane(TaskRuntime runtime, int permits) {
		this.runtime = runtime;
		this.permits = permits;
	}

	/**
	 * Queues a strand that is scheduled and in no other queue.
	 */
	synchronized void submit(Strand strand) {
		if (this.waiting.isEmpty()) {
			this.lastAdmission = nanos();
		}
		this.waiting.add(strand);
		admit();
	}

	private void admit() {
		Strand strand;
		while ((strand = this.waiting.peek()) != null && mayRun(strand)) {
			Run run = new Run(strand);
			if (!this.runtime.blockingPool().tryExecute(run)) {
				return;
			}
			this.waiting.remove();
			this.running.add(run);
			this.runnable += run.blocked ? 0 : 1;
			this.admissions++;
			this.lastAdmission = nanos();
		}
	}

	private boolean mayRun(Strand strand) {
		return strand.pace() == Strand.Pace.BLOCKING || this.runnable < this.permits
				|| nanos() - this.lastAdmission > PATIENCE_NANOS;
	}

	/**
	 * Finds out which threads wait and admits others in their place. Called by the
	 * monitor.
	 */
	synchronized void look(ThreadProbe probe) {
		for (Run run : this.running) {
			Thread thread = run.thread;
			if (thread != null && run.blocked == probe.isRunnable(thread)) {
				run.blocked = !run.blocked;
				this.runnable += run.blocked ? -1 : 1;
			}
		}
		admit();
	}

	private synchronized void finished(Run run) {
		this.running.remove(run);
		this.runnable -= run.blocked ? 0 : 1;
		admit();
	}

	/**
	 * Takes the next strand that waits, at the end of the runtime.
	 */
	synchronized @Nullable Strand pop() {
		return this.waiting.poll();
	}

	synchronized boolean isIdle() {
		return this.waiting.isEmpty() && this.running.isEmpty();
	}

	synchronized int depth() {
		return this.waiting.size();
	}

	synchronized long admissions() {
		return this.admissions;
	}

	private long nanos() {
		return this.runtime.config().ticker().nanos();
	}

	/**
	 * One poll of a slow strand.
	 */
	private final class Run implements Runnable {

		private final Strand strand;

		private boolean blocked;

		private volatile @Nullable Thread thread;

		Run(Strand strand) {
			this.strand = strand;
			this.blocked = strand.pace() == Strand.Pace.BLOCKING;
		}

		@Override
		public void run() {
			this.thread = Thread.currentThread();
			try {
				poll();
			}
			finally {
				finished(this);
			}
		}

		private void poll() {
			TaskRuntime runtime = SlowLane.this.runtime;
			TaskRuntimeConfig config = runtime.config();
			long start = nanos();
			boolean again = this.strand.poll(config.budget(), runtime.quantumNanos(), config.ticker(), start);
			if (nanos() - start < config.stallThreshold().toNanos()) {
				this.strand.setPace(Strand.Pace.FAST);
			}
			if (again) {
				// Before this run ends: the shutdown must find the strand somewhere.
				runtime.inject(this.strand);
			}
		}

	}

}
