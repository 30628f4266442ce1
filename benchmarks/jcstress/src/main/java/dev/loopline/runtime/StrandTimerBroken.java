package dev.loopline.runtime;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The twin of {@link StrandTimerStress} that looks whether the timer is armed and then
 * disarms it, without a CAS.
 */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "Cancelled")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "Fired")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Cancelled, but fired as well")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class StrandTimerBroken {

	private volatile boolean armed = true;

	@Actor
	public void cancel(II_Result result) {
		result.r1 = disarm() ? 1 : 0;
	}

	@Actor
	public void fire(II_Result result) {
		result.r2 = disarm() ? 1 : 0;
	}

	private boolean disarm() {
		if (!this.armed) {
			return false;
		}
		this.armed = false;
		return true;
	}

}
