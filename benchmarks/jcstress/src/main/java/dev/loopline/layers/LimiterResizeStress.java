package dev.loopline.layers;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Limits, step 4, permits that are added are of those who wait: one gets into line while
 * a second permit is added.
 */
@JCStressTest
@Outcome(id = "1, 2, 0", expect = Expect.ACCEPTABLE, desc = "It has the permit")
@Outcome(expect = Expect.FORBIDDEN, desc = "It waits for ever, or the permit is lost")
@State
public class LimiterResizeStress {

	private final ConcurrencyLimiter limiter = new ConcurrencyLimiter(1, 1, Long.MAX_VALUE, () -> 0);

	private final CountingWaiter waiter = new CountingWaiter();

	public LimiterResizeStress() {
		this.limiter.tryEnter();
	}

	@Actor
	public void resize() {
		this.limiter.resize(2);
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
