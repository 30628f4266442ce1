package dev.loopline.runtime;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

import dev.loopline.runtime.internal.queue.RunQueue;

/**
 * The twin of {@link ParkWakeStress} without the fence: the idle set is read before the
 * strand can be seen, so each side misses the other.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "One worker is awake")
@Outcome(id = "0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Work waits and everybody sleeps")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class ParkWakeBroken {

	private final RunQueue queue = new RunQueue(2);

	private final Strand strand = new Strand(null, null, StrandOptions.DEFAULTS);

	private final IdleSet idleSet = new IdleSet(2);

	private final Worker[] workers = { newWorker(0), newWorker(1) };

	public ParkWakeBroken() {
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
