package dev.loopline.runtime;

import java.util.ArrayDeque;
import java.util.Queue;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The twin of {@link LaneWithdrawStress} that looks for the strand in the line before it
 * lets workers run it.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "A worker runs it")
@Outcome(id = "1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "It waits for a thread although it was withdrawn")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class LaneWithdrawBroken {

	private final Queue<String> line = new ArrayDeque<>();

	private volatile boolean fast;

	@Actor
	public void dequeue() {
		synchronized (this.line) {
			if (!this.fast) {
				this.line.add("strand");
			}
		}
	}

	@Actor
	public void withdraw() {
		synchronized (this.line) {
			this.line.poll();
		}
		this.fast = true;
	}

	@Arbiter
	public void look(I_Result result) {
		result.r1 = this.line.size();
	}

}
