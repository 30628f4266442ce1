package dev.loopline.runtime.internal.queue;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Injector, two consumers open and empty a batch of two: each element is taken once. One
 * of them may find nothing while the other is about to open the batch, which then calls
 * back.
 */
@JCStressTest
@Outcome(id = "1, 2, 0", expect = Expect.ACCEPTABLE, desc = "Each took one")
@Outcome(id = "2, 1, 0", expect = Expect.ACCEPTABLE, desc = "Each took one")
@Outcome(id = "1, 0, 2", expect = Expect.ACCEPTABLE, desc = "One came while the batch was being opened")
@Outcome(id = "0, 1, 2", expect = Expect.ACCEPTABLE, desc = "One came while the batch was being opened")
@Outcome(expect = Expect.FORBIDDEN, desc = "An element was lost or taken twice, or nobody was called back")
@State
public class InjectorBatchStress {

	private final ItemTally tally = new ItemTally(2);

	private volatile boolean opened;

	private final Injector<Item> injector = new Injector<>(() -> this.opened = true);

	public InjectorBatchStress() {
		this.injector.acceptAll(new Item[] { this.tally.get(0), this.tally.get(1) });
	}

	@Actor
	public void first(III_Result result) {
		result.r1 = pop();
	}

	@Actor
	public void second(III_Result result) {
		result.r2 = pop();
	}

	@Arbiter
	public void rest(III_Result result) {
		int left = pop();
		result.r3 = left + 10 * this.injector.size() + ((left > 0 && !this.opened) ? 100 : 0);
	}

	private int pop() {
		Item item = this.injector.pop();
		if (item == null) {
			return 0;
		}
		return (item == this.tally.get(0)) ? 1 : 2;
	}

}
