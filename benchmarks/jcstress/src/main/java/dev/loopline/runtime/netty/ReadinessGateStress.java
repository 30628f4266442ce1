package dev.loopline.runtime.netty;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Coalesce and mute, no event is lost, and at rest the kernel's interest is the wanted
 * one: events arrive while the strand serves one and changes its interest.
 */
@JCStressTest
@Outcome(id = "7, 15, 0", expect = Expect.ACCEPTABLE,
		desc = "All events delivered, the newest interest in force, the gate queued once at a time")
@Outcome(expect = Expect.FORBIDDEN,
		desc = "An event was lost, the interest is stale or muted, or the gate was queued twice")
@State
public class ReadinessGateStress {

	private final MemoryGate gate = new MemoryGate();

	public ReadinessGateStress() {
		this.gate.want(7);
		this.gate.event(1);
	}

	@Actor
	public void driver() {
		this.gate.event(2);
		this.gate.event(4);
	}

	@Actor
	public void strand() {
		this.gate.poll();
		this.gate.want(15);
	}

	@Arbiter
	public void rest(III_Result result) {
		this.gate.pollAll();
		result.r1 = this.gate.delivered();
		result.r2 = this.gate.kernel();
		result.r3 = this.gate.doubled();
	}

}
