package dev.loopline.runtime;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Park and wake, a new timer is never slept through: the driver arms its wake-up and asks
 * once more while another thread arms a timer.
 */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "The worker did not block")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The worker did not block, and the wake-up is spare")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "The worker blocked and was woken")
@Outcome(expect = Expect.FORBIDDEN, desc = "The worker sleeps and does not know of the timer")
@State
public class TimerArmStress {

	private final Worker worker = new Worker(0, InertDriver::new, () -> 0);

	private final StrandTimer timer = new StrandTimer(new Strand(null, this.worker, false), () -> {
	}, 1);

	@Actor
	public void park() {
		this.worker.pollBlocking();
	}

	@Actor
	public void arm() {
		this.worker.arm(this.timer);
	}

	@Arbiter
	public void rest(II_Result result) {
		InertDriver driver = (InertDriver) this.worker.driver;
		result.r1 = (driver.slept && this.worker.timersArmed() == 0) ? 1 : 0;
		result.r2 = driver.woken ? 1 : 0;
	}

}
