package dev.loopline.runtime.internal.queue;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The twin of {@link RunQueueOverflowStress} with a single index: a claim frees the slot
 * at once, so that a push overwrites what the thief still has to copy.
 */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "Each item left once")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE_INTERESTING,
		desc = "The thief copied the new item, and the old one is lost")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class RunQueueOverflowBroken {

	private final ItemTally tally = new ItemTally(2);

	private final AtomicReferenceArray<Item> ring = new AtomicReferenceArray<>(1);

	private final AtomicInteger head = new AtomicInteger();

	private Item stolen;

	private Item overflow;

	private boolean pushed;

	public RunQueueOverflowBroken() {
		this.ring.set(0, this.tally.get(0));
	}

	@Actor
	public void push() {
		if (this.head.get() == 1) {
			this.ring.set(0, this.tally.get(1));
			this.pushed = true;
		}
		else {
			this.overflow = this.tally.get(1);
		}
	}

	@Actor
	public void steal() {
		if (this.head.compareAndSet(0, 1)) {
			this.stolen = this.ring.get(0);
		}
	}

	@Arbiter
	public void rest(II_Result result) {
		this.tally.arrived(this.stolen);
		this.tally.arrived(this.overflow);
		if (this.pushed) {
			this.tally.arrived(this.ring.get(0));
		}
		result.r1 = this.tally.lost();
		result.r2 = this.tally.doubled();
	}

}
