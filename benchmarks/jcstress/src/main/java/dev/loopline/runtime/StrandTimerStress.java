package dev.loopline.runtime;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Timers, ARMED is left once: of a cancel and the wheel that fires the timer exactly one
 * wins.
 */
@JCStressTest
@Outcome(id = "1, 0, 0", expect = Expect.ACCEPTABLE, desc = "Cancelled, and off the wheel")
@Outcome(id = "0, 1, 0", expect = Expect.ACCEPTABLE, desc = "Fired")
@Outcome(expect = Expect.FORBIDDEN, desc = "Both won, neither did, or the wheel keeps the timer")
@State
public class StrandTimerStress {

	private volatile long now;

	private final TaskRuntime runtime = InertRuntime.start(() -> this.now);

	private final Worker worker = this.runtime.scheduler().workers()[0];

	private final StrandTimer timer;

	private int ran;

	public StrandTimerStress() {
		this.timer = this.runtime.newStrand().scheduleAt(() -> this.ran++, 1);
		this.worker.pollNow();
		this.now = 2 * TimerWheel.TICK_NANOS;
	}

	@Actor
	public void cancel(III_Result result) {
		result.r1 = this.timer.cancel() ? 1 : 0;
	}

	@Actor
	public void advance() {
		this.worker.pollNow();
	}

	@Arbiter
	public void rest(III_Result result) {
		this.worker.pollNow();
		InertRuntime.pollAll(this.runtime);
		result.r2 = this.ran;
		result.r3 = this.worker.timersArmed();
	}

}
