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
 * The twin of {@link StrandExclusionStress} without the state RUNNING: a strand is idle
 * again from the moment that it is dequeued.
 */
@JCStressTest
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "Both items counted")
@Outcome(id = "1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Two polls overlapped and one count was lost")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class StrandExclusionBroken {

	private final AtomicInteger state = new AtomicInteger(StrandState.IDLE);

	private final AtomicInteger mailbox = new AtomicInteger();

	private int counter;

	@Actor
	public void work() {
		offerAndPoll();
	}

	@Actor
	public void workToo() {
		offerAndPoll();
	}

	private void offerAndPoll() {
		this.mailbox.incrementAndGet();
		if (this.state.compareAndSet(StrandState.IDLE, StrandState.SCHEDULED)) {
			this.state.set(StrandState.IDLE);
			for (int left = this.mailbox.getAndSet(0); left > 0; left--) {
				this.counter++;
			}
		}
	}

	@Arbiter
	public void rest(I_Result result) {
		result.r1 = this.counter + this.mailbox.get();
	}

}
