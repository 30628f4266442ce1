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
 * The twin of {@link RunQueueThievesStress} whose thieves write the claim instead of a
 * CAS.
 */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "Each item left once")
@Outcome(id = "0, [1-9]", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Both thieves took the same items")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class RunQueueThievesBroken {

	private final ItemTally tally = new ItemTally(2);

	private final AtomicInteger head = new AtomicInteger();

	private Item stolen;

	private Item otherStolen;

	@Actor
	public void steal() {
		this.stolen = claim();
	}

	@Actor
	public void stealToo() {
		this.otherStolen = claim();
	}

	private Item claim() {
		int head = this.head.get();
		this.head.set(head + 1);
		return this.tally.get(head);
	}

	@Arbiter
	public void rest(II_Result result) {
		this.tally.arrived(this.stolen);
		this.tally.arrived(this.otherStolen);
		for (int i = this.head.get(); i < 2; i++) {
			this.tally.arrived(this.tally.get(i));
		}
		result.r1 = this.tally.lost();
		result.r2 = this.tally.doubled();
	}

}
