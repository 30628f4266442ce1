package dev.loopline.runtime;

import java.lang.invoke.VarHandle;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

import dev.loopline.runtime.internal.queue.RunQueue;

/**
 * Park and wake, work is never left with everybody asleep: the last searcher parks while
 * a strand is pushed to a run queue.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "One worker is awake")
@Outcome(id = "2", expect = Expect.FORBIDDEN, desc = "Two wake-ups for one strand")
@Outcome(expect = Expect.FORBIDDEN, desc = "Work waits and everybody sleeps")
@State
public class ParkWakeStress {

	private final RunQueue queue = new RunQueue(2);

	private final Strand strand = new Strand(null, null, StrandOptions.DEFAULTS);

	private final IdleSet idleSet = new IdleSet(2);

	private final Worker[] workers = { newWorker(0), newWorker(1) };

	public ParkWakeStress() {
		this.idleSet.transitionToParked(this.workers[1], false);
		this.idleSet.transitionToSearching();
	}

	@Actor
	public void park() {
		boolean last = this.idleSet.transitionToParked(this.workers[0], true);
		if (last && !this.queue.isEmpty()) {
			notifyWorker();
		}
	}

	@Actor
	public void schedule() {
		this.queue.push(this.strand, (strand) -> {
		});
		notifyWorker();
	}

	private void notifyWorker() {
		VarHandle.fullFence(); // as TaskRuntime does
		Worker worker = this.idleSet.workerToNotify();
		if (worker != null) {
			worker.ringDoorbell();
		}
	}

	@Arbiter
	public void rest(I_Result result) {
		for (Worker worker : this.workers) {
			worker.pollBlocking();
			result.r1 += ((InertDriver) worker.driver).slept ? 0 : 1;
		}
	}

	private static Worker newWorker(int index) {
		return new Worker(index, InertDriver::new, () -> 0);
	}

}
