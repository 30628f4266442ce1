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
 * The twin of {@link LastLookStress} that looks for work only before it counts as parked.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "The worker is awake, or it saw the strand and stayed")
@Outcome(id = "0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Work waits and the worker sleeps")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class LastLookBroken {

	private final Injector injector = new Injector();

	private final Strand strand = new Strand(null, null, StrandOptions.DEFAULTS);

	private final IdleSet idleSet = new IdleSet(1);

	private final Worker worker = new Worker(0, InertDriver::new, () -> 0);

	public LastLookBroken() {
		this.idleSet.transitionToSearching();
	}

	@Actor
	public void park() {
		if (this.injector.isEmpty()) {
			this.idleSet.transitionToParked(this.worker, true);
		}
	}

	@Actor
	public void schedule() {
		this.injector.push(this.strand);
		notifyWorker();
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
		this.worker.pollBlocking();
		boolean slept = ((InertDriver) this.worker.driver).slept;
		result.r1 = (this.idleSet.parked() > 0 && slept) ? 0 : 1;
	}

}
