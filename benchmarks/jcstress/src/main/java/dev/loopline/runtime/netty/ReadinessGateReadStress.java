package dev.loopline.runtime.netty;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Coalesce and mute, at rest the kernel's interest is the wanted one: the channel
 * switches reading off while it handles the event, as it does without automatic reads.
 */
@JCStressTest
@Outcome(id = "3, 0, 0", expect = Expect.ACCEPTABLE, desc = "Both events delivered at once, no interest left")
@Outcome(id = "1, 0, 0", expect = Expect.ACCEPTABLE, desc = "The second event is no longer wanted, no interest left")
@Outcome(expect = Expect.FORBIDDEN,
		desc = "An event was lost, the interest is stale or muted, or the gate was queued twice")
@State
public class ReadinessGateReadStress {

	private final MemoryGate gate = new MemoryGate() {

		@Override
		void deliver(int events) {
			super.deliver(events);
			want(0);
		}

	};

	public ReadinessGateReadStress() {
		this.gate.want(3);
		this.gate.event(1);
	}

	@Actor
	public void driver() {
		this.gate.event(2);
	}

	@Actor
	public void strand() {
		this.gate.poll();
	}

	@Arbiter
	public void rest(III_Result result) {
		this.gate.pollAll();
		result.r1 = this.gate.delivered();
		result.r2 = this.gate.kernel();
		result.r3 = this.gate.doubled();
	}

}
