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
 * The twin of {@link TimerArmStress} whose driver asks whether it may block before it
 * says that it does.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "The worker did not block, or was woken")
@Outcome(id = "1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "It sleeps and does not know of the timer")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class TimerArmBroken {

	private final Queue<String> inbox = new ConcurrentLinkedQueue<>();

	private volatile boolean sleeping;

	private boolean slept;

	private boolean woken;

	@Actor
	public void park() {
		this.slept = this.inbox.isEmpty();
		this.sleeping = true;
	}

	@Actor
	public void arm() {
		this.inbox.add("timer");
		this.woken = this.sleeping;
	}

	@Arbiter
	public void rest(I_Result result) {
		result.r1 = (this.slept && !this.woken) ? 1 : 0;
	}

}
