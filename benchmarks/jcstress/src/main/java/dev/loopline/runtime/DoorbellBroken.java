package dev.loopline.runtime;

import java.util.concurrent.atomic.AtomicBoolean;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The twin of {@link DoorbellStress} whose two flags are written with release and read
 * with acquire.
 */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "The worker did not block")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The worker did not block, and the wake-up is spare")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "The worker blocked and was woken")
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "The worker sleeps through its doorbell")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class DoorbellBroken {

	private final AtomicBoolean armed = new AtomicBoolean();

	private final AtomicBoolean doorbell = new AtomicBoolean();

	@Actor
	public void park(II_Result result) {
		this.armed.setRelease(true);
		result.r1 = this.doorbell.getAcquire() ? 0 : 1;
	}

	@Actor
	public void ring(II_Result result) {
		this.doorbell.setRelease(true);
		result.r2 = this.armed.getAcquire() ? 1 : 0;
	}

}
