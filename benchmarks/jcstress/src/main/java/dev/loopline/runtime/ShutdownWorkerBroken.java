package dev.loopline.runtime;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The twin of {@link ShutdownWorkerStress} whose worker hands its queue over and does not
 * ask whether anybody is left to run it.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "What was accepted has run or was cancelled")
@Outcome(id = "1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "It is queued for ever")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class ShutdownWorkerBroken {

	private final Queue<String> injector = new ConcurrentLinkedQueue<>();

	private volatile boolean closing;

	@Actor
	public void end() {
		this.closing = true;
		this.injector.clear();
	}

	@Actor
	public void work() {
		String next = this.closing ? null : "work";
		if (next != null) {
			this.injector.add(next); // as the loop ends
		}
	}

	@Arbiter
	public void look(I_Result result) {
		result.r1 = this.injector.size();
	}

}
