package dev.loopline.runtime;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * The twin of {@link MonitorRestStress} that looks at the workers before it says that it
 * rests.
 */
@JCStressTest
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "The monitor began to rest and was told")
@Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "The monitor saw that the worker is awake")
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE_INTERESTING,
		desc = "The monitor rests beside a worker that is awake")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class MonitorRestBroken {

	private final IdleSet idleSet = new IdleSet(1);

	private final Worker worker = new Worker(0, InertDriver::new, () -> 0);

	private volatile boolean resting;

	public MonitorRestBroken() {
		this.idleSet.transitionToParked(this.worker, false);
	}

	@Actor
	public void look(ZZ_Result result) {
		result.r1 = this.idleSet.isAsleep();
		if (result.r1) {
			this.resting = true;
		}
	}

	@Actor
	public void wakeUp(ZZ_Result result) {
		this.idleSet.transitionFromParked(this.worker);
		result.r2 = this.resting;
		this.resting = false;
	}

}
