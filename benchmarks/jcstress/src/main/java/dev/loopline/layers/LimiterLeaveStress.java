package dev.loopline.layers;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Limits, step 5, who leaves the line gives back what he was granted: he leaves while the
 * only permit comes back.
 */
@JCStressTest
@Outcome(id = { "0, 0, 0", "1, 0, 0" }, expect = Expect.ACCEPTABLE, desc = "The permit is free, and the line empty")
@Outcome(expect = Expect.FORBIDDEN, desc = "The permit is lost, or there are two")
@State
public class LimiterLeaveStress {

	private final ConcurrencyLimiter limiter = new ConcurrencyLimiter(1, 1, Long.MAX_VALUE, () -> 0);

	private final CountingWaiter waiter = new CountingWaiter();

	public LimiterLeaveStress() {
		this.limiter.tryEnter();
		this.limiter.enter(this.waiter);
	}

	@Actor
	public void release() {
		this.limiter.release();
	}

	@Actor
	public void leave() {
		if (!this.limiter.leave(this.waiter)) {
			this.limiter.release();
		}
	}

	@Arbiter
	public void rest(III_Result result) {
		result.r1 = this.waiter.grants();
		result.r2 = this.limiter.inFlight();
		result.r3 = this.limiter.waiting();
	}

}
