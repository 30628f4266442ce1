package dev.loopline.runtime.netty;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The twin of {@link ReadinessGateStress} that unmutes outside the monitor, with an
 * interest that it read before the strand asked for another.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "The wanted interest is in force")
@Outcome(id = "0", expect = Expect.ACCEPTABLE_INTERESTING,
		desc = "A stale interest is in force: the channel hangs or spins")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class ReadinessGateBroken {

	private volatile boolean muted = true;

	private volatile int wanted = 1;

	private volatile int kernel;

	@Actor
	public void unmute() {
		int interest = this.wanted;
		this.muted = false;
		this.kernel = interest;
	}

	@Actor
	public void want() {
		this.wanted = 4;
		if (!this.muted) {
			this.kernel = 4;
		}
	}

	@Arbiter
	public void rest(I_Result result) {
		result.r1 = (this.kernel == this.wanted) ? 1 : 0;
	}

}
