package dev.loopline.runtime.internal.queue;

import java.util.concurrent.atomic.AtomicInteger;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The twin of {@link RunQueueStealStress} whose producer pops without a CAS.
 */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "Each item left once")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Producer and thief took the same item")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class RunQueueStealBroken {

	private final ItemTally tally = new ItemTally(2);

	private final AtomicInteger head = new AtomicInteger();

	private Item popped;

	private Item stolen;

	@Actor
	public void pop() {
		int head = this.head.get();
		this.head.set(head + 1);
		this.popped = this.tally.get(head);
	}

	@Actor
	public void steal() {
		int head = this.head.get();
		if (this.head.compareAndSet(head, head + 1)) {
			this.stolen = this.tally.get(head);
		}
	}

	@Arbiter
	public void rest(II_Result result) {
		this.tally.arrived(this.popped);
		this.tally.arrived(this.stolen);
		for (int i = this.head.get(); i < 2; i++) {
			this.tally.arrived(this.tally.get(i));
		}
		result.r1 = this.tally.lost();
		result.r2 = this.tally.doubled();
	}

}
