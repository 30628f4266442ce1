package dev.loopline.layers;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Limits, step 3, nobody waits for a permit that is free: one gets into line while the
 * only permit comes back.
 */
@JCStressTest
@Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "It has the permit")
@Outcome(expect = Expect.FORBIDDEN, desc = "It waits for ever, or the permit is lost")
@State
public class LimiterGrantStress {

	private final ConcurrencyLimiter limiter = new ConcurrencyLimiter(1, 1, Long.MAX_VALUE, () -> 0);

	private final CountingWaiter waiter = new CountingWaiter();

	public LimiterGrantStress() {
		this.limiter.tryEnter();
	}

	@Actor
	public void release() {
		this.limiter.release();
	}

	@Actor
	public void enter() {
		if (this.limiter.enter(this.waiter) == ConcurrencyLimiter.Entry.GRANTED) {
			this.waiter.granted();
		}
	}

	@Arbiter
	public void rest(III_Result result) {
		result.r1 = this.waiter.grants();
		result.r2 = this.limiter.inFlight();
		result.r3 = this.limiter.waiting();
	}

}
