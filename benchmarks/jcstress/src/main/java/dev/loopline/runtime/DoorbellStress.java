package dev.loopline.runtime;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Park and wake, a doorbell is never slept through: the driver arms its wake-up and asks
 * once more while a waker rings.
 */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "The worker did not block")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The worker did not block, and the wake-up is spare")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "The worker blocked and was woken")
@Outcome(expect = Expect.FORBIDDEN, desc = "The worker sleeps through its doorbell")
@State
public class DoorbellStress {

	private final Worker worker = new Worker(0, InertDriver::new, () -> 0);

	@Actor
	public void park() {
		this.worker.pollBlocking();
	}

	@Actor
	public void ring() {
		this.worker.ringDoorbell();
	}

	@Arbiter
	public void rest(II_Result result) {
		InertDriver driver = (InertDriver) this.worker.driver;
		result.r1 = driver.slept ? 1 : 0;
		result.r2 = driver.woken ? 1 : 0;
	}

}
