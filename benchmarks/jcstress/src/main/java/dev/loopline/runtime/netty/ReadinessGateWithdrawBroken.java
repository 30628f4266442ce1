package dev.loopline.runtime.netty;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The twin of {@link ReadinessGateWithdrawStress} that decides when it withdraws whether
 * the kernel must know, and not when an event comes that is not wanted.
 */
@JCStressTest
@Outcome(id = { "1, 1", "0, 0" }, expect = Expect.ACCEPTABLE,
		desc = "The event was delivered, or the kernel has been told that it is not wanted")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE_INTERESTING,
		desc = "Nobody wants the event and the kernel repeats it for ever: the driver spins")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class ReadinessGateWithdrawBroken {

	private volatile int pending;

	private volatile int kernel = 1;

	private int delivered;

	private boolean wanted = true;

	@Actor
	public void driver() {
		this.pending = 1;
	}

	@Actor
	public void strand() {
		serve();
		this.wanted = false;
		if (this.pending != 0) {
			this.kernel = 0;
		}
	}

	private void serve() {
		if (this.pending != 0) {
			this.pending = 0;
			this.delivered = this.wanted ? 1 : this.delivered;
		}
	}

	@Arbiter
	public void rest(II_Result result) {
		serve();
		result.r1 = this.delivered;
		result.r2 = this.kernel;
	}

}
