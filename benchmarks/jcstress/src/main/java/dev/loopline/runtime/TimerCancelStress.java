package dev.loopline.runtime;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Timers, a cancelled timer leaves the wheel: it is cancelled while the worker puts it
 * there.
 */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "Cancelled, and not on the wheel")
@Outcome(expect = Expect.FORBIDDEN, desc = "The wheel keeps it")
@State
public class TimerCancelStress {

	private final Worker worker = new Worker(0, InertDriver::new, () -> 0);

	private final StrandTimer timer = new StrandTimer(new Strand(null, this.worker, StrandOptions.DEFAULTS), () -> {
	}, 1_000_000_000);

	public TimerCancelStress() {
		this.worker.arm(this.timer);
	}

	@Actor
	public void arm() {
		this.worker.pollNow();
	}

	@Actor
	public void cancel(II_Result result) {
		result.r1 = this.timer.cancel() ? 1 : 0;
	}

	@Arbiter
	public void rest(II_Result result) {
		this.worker.pollNow();
		result.r2 = this.worker.timersArmed();
	}

}
