package dev.loopline.runtime.internal.queue;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Run queue, each item leaves it once: the producer pushes and pops while a thief takes
 * half.
 */
@JCStressTest
@Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "Nothing was stolen")
@Outcome(id = "0, 0, [1-9]", expect = Expect.ACCEPTABLE, desc = "Some were stolen, none was lost")
@Outcome(expect = Expect.FORBIDDEN, desc = "An item was lost or doubled")
@State
public class RunQueueStealStress {

	private final ItemTally tally = new ItemTally(4);

	private final Injector<Item> injector = new Injector<>();

	private final RunQueue<Item> queue = new RunQueue<>(4);

	private final RunQueue<Item> loot = new RunQueue<>(4);

	private Item first;

	private Item second;

	private int stolen;

	public RunQueueStealStress() {
		for (int i = 0; i < 3; i++) {
			this.queue.push(this.tally.get(i), this.injector::push);
		}
	}

	@Actor
	public void produce() {
		this.first = this.queue.pop();
		this.queue.push(this.tally.get(3), this.injector::push);
		this.second = this.queue.pop();
	}

	@Actor
	public void steal() {
		this.stolen = this.queue.stealInto(this.loot);
	}

	@Arbiter
	public void rest(III_Result result) {
		this.tally.arrived(this.first);
		this.tally.arrived(this.second);
		this.tally.drain(this.queue);
		this.tally.drain(this.loot);
		this.tally.drain(this.injector);
		result.r1 = this.tally.lost();
		result.r2 = this.tally.doubled();
		result.r3 = this.stolen;
	}

}
