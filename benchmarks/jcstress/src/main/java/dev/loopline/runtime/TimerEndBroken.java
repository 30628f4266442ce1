package dev.loopline.runtime;

import java.util.concurrent.atomic.AtomicInteger;

import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The twin of {@link TimerEndStress} that stops at a timer which is being put into the
 * inbox, as a worker does that will look again.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Both were given up, by whomever")
@Outcome(expect = Expect.ACCEPTABLE_INTERESTING, desc = "What was behind waits for ever")
@State
public class TimerEndBroken {

	private final MpscUnboundedAtomicArrayQueue<AtomicInteger> inbox = new MpscUnboundedAtomicArrayQueue<>(8);

	private final AtomicInteger one = new AtomicInteger(1);

	private final AtomicInteger other = new AtomicInteger(1);

	private volatile boolean ended;

	@Actor
	public void arm() {
		arm(this.one);
	}

	@Actor
	public void armAndEnd() {
		arm(this.other);
		this.ended = true;
		AtomicInteger timer;
		while ((timer = this.inbox.relaxedPoll()) != null) {
			timer.set(0);
		}
	}

	private void arm(AtomicInteger timer) {
		this.inbox.offer(timer);
		if (this.ended) {
			timer.set(0);
		}
	}

	@Arbiter
	public void look(I_Result result) {
		result.r1 = this.one.get() + this.other.get();
	}

}
