package dev.loopline.layers;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * The twin of {@link LimiterLeaveStress} whose leaver takes it for granted that he still
 * waits.
 */
@JCStressTest
@Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "He left first")
@Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "The permit is lost")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class LimiterLeaveBroken {

	private final ConcurrencyLimiter limiter = new ConcurrencyLimiter(1, 1, Long.MAX_VALUE, () -> 0);

	private final CountingWaiter waiter = new CountingWaiter();

	public LimiterLeaveBroken() {
		this.limiter.tryEnter();
		this.limiter.enter(this.waiter);
	}

	@Actor
	public void release() {
		this.limiter.release();
	}

	@Actor
	public void leave() {
		this.limiter.leave(this.waiter);
	}

	@Arbiter
	public void rest(III_Result result) {
		result.r1 = this.waiter.grants();
		result.r2 = this.limiter.inFlight();
		result.r3 = this.limiter.waiting();
	}

}
