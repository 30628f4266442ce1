package dev.loopline.runtime.internal.queue;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Run queue, each item leaves it once: the producer overflows and pops while two thieves
 * steal.
 */
@JCStressTest
@Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "Nothing was stolen")
@Outcome(id = "0, 0, [1-9]", expect = Expect.ACCEPTABLE, desc = "Some were stolen, none was lost")
@Outcome(expect = Expect.FORBIDDEN, desc = "An item was lost or doubled")
@State
public class RunQueueCrowdStress {

	private final ItemTally tally = new ItemTally(6);

	private final Injector<Item> injector = new Injector<>();

	private final RunQueue<Item> queue = new RunQueue<>(4);

	private final RunQueue<Item> loot = new RunQueue<>(4);

	private final RunQueue<Item> otherLoot = new RunQueue<>(4);

	private Item popped;

	private int stolen;

	private int otherStolen;

	public RunQueueCrowdStress() {
		for (int i = 0; i < 4; i++) {
			this.queue.push(this.tally.get(i), this.injector::push);
		}
	}

	@Actor
	public void produce() {
		this.queue.push(this.tally.get(4), this.injector::push);
		this.popped = this.queue.pop();
		this.queue.push(this.tally.get(5), this.injector::push);
	}

	@Actor
	public void steal() {
		this.stolen = this.queue.stealInto(this.loot);
	}

	@Actor
	public void stealToo() {
		this.otherStolen = this.queue.stealInto(this.otherLoot);
	}

	@Arbiter
	public void rest(III_Result result) {
		this.tally.arrived(this.popped);
		this.tally.drain(this.queue);
		this.tally.drain(this.loot);
		this.tally.drain(this.otherLoot);
		this.tally.drain(this.injector);
		result.r1 = this.tally.lost();
		result.r2 = this.tally.doubled();
		result.r3 = this.stolen + this.otherStolen;
	}

}
