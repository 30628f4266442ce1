package dev.loopline.runtime;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The twin of {@link TimerCancelStress} whose canceller takes the timer off the wheel by
 * itself, if it sees it there.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Not on the wheel")
@Outcome(id = "1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "The wheel keeps it")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class TimerCancelBroken {

	private volatile boolean cancelled;

	private volatile boolean onWheel;

	@Actor
	public void arm() {
		if (!this.cancelled) {
			this.onWheel = true;
		}
	}

	@Actor
	public void cancel() {
		this.cancelled = true;
		if (this.onWheel) {
			this.onWheel = false;
		}
	}

	@Arbiter
	public void rest(I_Result result) {
		result.r1 = this.onWheel ? 1 : 0;
	}

}
