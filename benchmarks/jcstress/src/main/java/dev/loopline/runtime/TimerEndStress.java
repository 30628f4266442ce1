package dev.loopline.runtime;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Shutdown, no timer is left behind: a timer is armed, and then everything ends, while
 * another thread is about to arm one. That may have taken its place in the inbox, before
 * the other timer's, and not be there yet.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Both were given up, by whomever")
@Outcome(expect = Expect.FORBIDDEN, desc = "A timer waits for ever")
@State
public class TimerEndStress {

	private static final long LATE_NANOS = 1_000_000_000;

	private final Worker worker = new Worker(0, InertDriver::new, () -> 0);

	private final StrandTimer one = newTimer();

	private final StrandTimer other = newTimer();

	private volatile boolean ended;

	private StrandTimer newTimer() {
		return new StrandTimer(new Strand(null, this.worker, StrandOptions.DEFAULTS), () -> {
		}, LATE_NANOS);
	}

	@Actor
	public void arm() {
		arm(this.one);
	}

	@Actor
	public void armAndEnd() {
		arm(this.other);
		this.ended = true;
		this.worker.destroy();
	}

	/** See {@link Scheduler#arm}. */
	private void arm(StrandTimer timer) {
		timer.arm();
		if (this.ended) {
			timer.abandon();
		}
	}

	@Arbiter
	public void look(I_Result result) {
		result.r1 = (this.one.isArmed() ? 1 : 0) + (this.other.isArmed() ? 1 : 0);
	}

}
