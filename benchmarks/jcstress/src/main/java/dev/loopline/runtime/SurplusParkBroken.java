package dev.loopline.runtime;

import java.lang.invoke.VarHandle;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

import dev.loopline.runtime.internal.queue.Injector;

/**
 * The twin of {@link SurplusParkStress} in which only the last one that searches looks
 * once more.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "A worker is awake beside the busy one, or sees the strand")
@Outcome(id = "0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Work waits and nobody is woken")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class SurplusParkBroken {

	private final Injector<Work> queue = new Injector<>();

	private final Strand strand = new Strand(null, null, StrandOptions.DEFAULTS);

	private final IdleSet idleSet = new IdleSet(3);

	private final Worker first = new Worker(0, InertDriver::new, () -> 0);

	private final Worker second = new Worker(1, InertDriver::new, () -> 0);

	public SurplusParkBroken() {
		this.idleSet.limit(2);
	}

	@Actor
	public void parkFirst() {
		boolean searching = this.idleSet.transitionToSearching();
		if (searching && !this.queue.isEmpty()) {
			this.first.ringDoorbell(); // it stays to run the strand
			return;
		}
		park(this.first, searching);
	}

	/** The third worker, which stays awake, schedules before the second one parks. */
	@Actor
	public void scheduleAndParkSecond() {
		boolean searching = this.idleSet.transitionToSearching();
		this.queue.push(this.strand);
		notifyWorker();
		park(this.second, searching);
	}

	private void park(Worker worker, boolean searching) {
		if (this.idleSet.transitionToParked(worker, searching) && searching && !this.queue.isEmpty()) {
			notifyWorker();
		}
	}

	private void notifyWorker() {
		VarHandle.fullFence();
		Worker worker = this.idleSet.workerToNotify();
		if (worker != null) {
			worker.ringDoorbell();
		}
	}

	@Arbiter
	public void rest(I_Result result) {
		result.r1 = (sleeps(this.first) && sleeps(this.second)) ? 0 : 1;
	}

	private static boolean sleeps(Worker worker) {
		worker.pollBlocking();
		return ((InertDriver) worker.driver).slept;
	}

}
