package dev.loopline.runtime;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

import dev.loopline.runtime.io.IoDriver;

/**
 * Park and wake, a new timer is never slept through: the worker is about to sleep until
 * its only timer is due while another thread arms an earlier one.
 */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "The worker knew of the timer")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The worker knew of the timer, and the wake-up is spare")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "The worker slept too long and was woken")
@Outcome(expect = Expect.FORBIDDEN, desc = "The worker sleeps and does not know of the timer")
@State
public class TimerArmStress {

	private static final long LATE_NANOS = 1_000_000_000;

	private static final int MAX_SPINS = 1_000_000;

	private volatile boolean armed;

	private boolean slept;

	private volatile boolean woken;

	private final Worker worker = new Worker(0, (token) -> new SleepingDriver(), () -> 0);

	public TimerArmStress() {
		this.worker.arm(timer(LATE_NANOS));
		this.worker.pollNow();
	}

	private StrandTimer timer(long deadlineNanos) {
		return new StrandTimer(new Strand(null, this.worker, StrandOptions.DEFAULTS), () -> {
		}, deadlineNanos);
	}

	@Actor
	public void park(II_Result result) {
		this.worker.pollBlocking();
		result.r1 = this.slept ? 1 : 0;
	}

	@Actor
	public void arm(II_Result result) {
		this.worker.arm(timer(TimerWheel.TICK_NANOS));
		result.r2 = this.woken ? 1 : 0;
		this.armed = true;
	}

	/**
	 * Sleeps until the other actor is done, unless the earlier timer will end that.
	 */
	private final class SleepingDriver implements IoDriver {

		@Override
		public int poll(PollContext context) {
			if (context.canBlock() && context.deadlineNanos() > LATE_NANOS / 2) {
				for (int spins = 0; !TimerArmStress.this.armed && spins < MAX_SPINS; spins++) {
					Thread.onSpinWait();
				}
				TimerArmStress.this.slept = TimerArmStress.this.armed;
			}
			return 0;
		}

		@Override
		public void wakeup() {
			TimerArmStress.this.woken = true;
		}

	}

}
