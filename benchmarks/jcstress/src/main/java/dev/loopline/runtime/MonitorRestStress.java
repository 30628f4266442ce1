package dev.loopline.runtime;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * The monitor rests only while every worker sleeps: one that wakes up while the monitor
 * decides is seen by it, or tells it.
 */
@JCStressTest
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "The monitor began to rest and was told")
@Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "The monitor saw that the worker is awake")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "Both")
@Outcome(expect = Expect.FORBIDDEN, desc = "The monitor rests beside a worker that is awake")
@State
public class MonitorRestStress {

	private final IdleSet idleSet = new IdleSet(1);

	private final Worker worker = new Worker(0, InertDriver::new, () -> 0);

	private final MonitorRest rest = new MonitorRest(this.idleSet);

	public MonitorRestStress() {
		this.idleSet.transitionToParked(this.worker, false);
	}

	@Actor
	public void look(ZZ_Result result) {
		result.r1 = this.rest.begin();
	}

	@Actor
	public void wakeUp(ZZ_Result result) {
		this.idleSet.transitionFromParked(this.worker);
		result.r2 = this.rest.end();
	}

}
