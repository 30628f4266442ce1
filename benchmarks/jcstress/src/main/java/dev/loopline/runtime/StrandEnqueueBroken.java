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
 * The twin of {@link StrandEnqueueStress} that looks at the state and then writes it,
 * where the strand does both in one CAS.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Enqueued once")
@Outcome(id = "2", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Enqueued twice")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class StrandEnqueueBroken {

	private final AtomicInteger state = new AtomicInteger(StrandState.IDLE);

	private final AtomicInteger enqueued = new AtomicInteger();

	@Actor
	public void offer() {
		transitionToNotified();
	}

	@Actor
	public void offerToo() {
		transitionToNotified();
	}

	private void transitionToNotified() {
		if (this.state.get() == StrandState.IDLE) {
			this.state.set(StrandState.SCHEDULED);
			this.enqueued.incrementAndGet();
		}
	}

	@Arbiter
	public void rest(I_Result result) {
		result.r1 = this.enqueued.get();
	}

}
