package dev.loopline.runtime;

import java.util.concurrent.atomic.AtomicInteger;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The twin of {@link StrandWakeupStress} whose two sides write with release and read with
 * acquire: each may read before its write is seen.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "The item ran")
@Outcome(id = "0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "A lost wake-up: the strand rests and the item waits")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class StrandWakeupBroken {

	private final AtomicInteger state = new AtomicInteger(StrandState.SCHEDULED);

	private final AtomicInteger mailbox = new AtomicInteger();

	private int ran;

	@Actor
	public void offer() {
		this.mailbox.setRelease(1);
		int state = this.state.getAcquire();
		while (state != StrandState.SCHEDULED && state != StrandState.NOTIFIED) {
			int next = (state == StrandState.IDLE) ? StrandState.SCHEDULED : StrandState.NOTIFIED;
			state = this.state.compareAndSet(state, next) ? next : this.state.get();
		}
	}

	@Actor
	public void poll() {
		this.state.setRelease(StrandState.RUNNING);
		do {
			this.ran += this.mailbox.getAcquire();
			if (this.ran > 0) {
				return;
			}
		}
		while (!this.state.compareAndSet(StrandState.RUNNING, StrandState.IDLE)
				&& this.state.compareAndSet(StrandState.NOTIFIED, StrandState.RUNNING));
	}

	@Arbiter
	public void rest(I_Result result) {
		boolean queued = this.state.get() == StrandState.SCHEDULED;
		result.r1 = (this.ran > 0 || queued) ? 1 : 0;
	}

}
