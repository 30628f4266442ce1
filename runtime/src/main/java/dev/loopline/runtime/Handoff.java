package dev.loopline.runtime;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.loopline.runtime.internal.support.Failures;
import dev.loopline.runtime.stall.Stall;
import dev.loopline.runtime.stall.WorkContext;

/**
 * Moves a worker, its driver and its timers, away from a thread that is stuck in a poll.
 */
final class Handoff implements Runnable {

	/*-
	 * The protocol
	 * ------------
	 * 1. The monitor sees thread T inside the poll that began at S for longer than the threshold.
	 * 2. It asks the blocking pool for a thread N, one of the reserve if need be; if all are busy the handoff
	 *    fails and is tried again.
	 * 3. N seizes T: a CAS of T's poll start from S. T ends a poll by the CAS of the same word from S to
	 *    zero, so exactly one of them succeeds, and T is known to be inside the poll when N succeeds.
	 *    If T was faster, N goes back to the pool.
	 * 4. N becomes the owner, says what T works for that it has stalled, and runs the loop with a fresh queue, which joins the set that thieves scan.
	 * 5. T stays in that set with its old queue until that is empty; what it wakes from now on goes to
	 *    the injector. When its poll ends, its CAS fails: it touches nothing of the worker and hands
	 *    its queue to the injector.
	 * 6. T has warm caches and thread-local memory, N is a stand-in. So T posts itself as the heir of
	 *    the worker, rings its doorbell and waits. N, or whoever stands in for N by then, looks for an
	 *    heir between two polls, makes it the owner, wakes it and goes back to the pool.
	 */

	private static final Logger logger = LoggerFactory.getLogger(Handoff.class);

	private final Scheduler scheduler;

	private final Worker worker;

	private final WorkerThread stuck;

	private final long pollStart;

	private final Strand.Pace pace;

	private Handoff(Scheduler scheduler, Worker worker, WorkerThread stuck, long pollStart, Strand.Pace pace) {
		this.scheduler = scheduler;
		this.worker = worker;
		this.stuck = stuck;
		this.pollStart = pollStart;
		this.pace = pace;
	}

	/**
	 * Starts a handoff.
	 * @return {@code false} if there is no spare thread
	 */
	static boolean start(Scheduler scheduler, Worker worker, WorkerThread stuck, long pollStart, Strand.Pace pace) {
		return scheduler.blockingPool()
			.tryExecute(new Handoff(scheduler, worker, stuck, pollStart, pace), scheduler.reserve().total());
	}

	@Override
	public void run() {
		// Before T is seized, which counts on N from then on: there may be no memory.
		WorkerThread standIn = this.scheduler.newWorkerThread(this.worker, true);
		Work work = this.stuck.running();
		WorkContext context = (work != null) ? work.context() : null;
		if (this.stuck.seize(this.pollStart) && !this.scheduler.isShutdown()) {
			this.worker.owner = standIn;
			if (work != null) {
				work.lostWorker(this.pace);
			}
			if (work != null && context != null) {
				teach(work, context);
			}
			standIn.run();
		}
	}

	/**
	 * Says what has stalled before anything else runs that may stall likewise. The stack
	 * of a thread that does not wait is not asked for: that may take a while.
	 */
	private void teach(Work work, WorkContext context) {
		try {
			Thread thread = this.stuck.thread();
			boolean blocking = this.pace == Strand.Pace.BLOCKING;
			boolean loading = blocking && thread != null
					&& this.scheduler.stalls().isLoading(work.stackOwner(thread).getStackTrace());
			context.stalled(blocking ? Stall.Kind.BLOCKING : Stall.Kind.BURNING, loading);
		}
		catch (Throwable ex) {
			Failures.warn(logger, ex, "A context threw an exception");
		}
	}

}
