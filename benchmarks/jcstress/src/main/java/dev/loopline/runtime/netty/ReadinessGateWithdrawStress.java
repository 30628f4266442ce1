package dev.loopline.runtime.netty;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Coalesce and withdraw: the channel switches reading off while it handles the first
 * event and the kernel is not told, until an event comes that is not wanted.
 */
@JCStressTest
@Outcome(id = "3, 3, 0", expect = Expect.ACCEPTABLE, desc = "Both events delivered, the kernel need not know")
@Outcome(id = "3, 1, 0", expect = Expect.ACCEPTABLE, desc = "Both events delivered between mute and unmute")
@Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE,
		desc = "The second event is no longer wanted, and the kernel knows")
@Outcome(expect = Expect.FORBIDDEN, desc = "An event was lost, or the kernel repeats one that nobody wants")
@State
public class ReadinessGateWithdrawStress {

	private final MemoryGate gate = new MemoryGate() {

		@Override
		int reads() {
			return 2;
		}

		@Override
		void deliver(int events) {
			super.deliver(events);
			want(1);
		}

	};

	public ReadinessGateWithdrawStress() {
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
