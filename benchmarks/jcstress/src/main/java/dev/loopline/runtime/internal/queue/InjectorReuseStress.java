package dev.loopline.runtime.internal.queue;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Injector, an item that is back on top when somebody else looks again does no harm: two
 * consumers meet, of which one pushes what it took once more. No item is lost or taken
 * twice.
 */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "Each item is in one place")
@Outcome(expect = Expect.FORBIDDEN, desc = "An item was lost or taken twice")
@State
public class InjectorReuseStress {

	private final ItemTally tally = new ItemTally(2);

	private final Injector<Item> injector = new Injector<>();

	private Item taken;

	private Item kept;

	public InjectorReuseStress() {
		this.injector.push(this.tally.get(0));
		this.injector.push(this.tally.get(1));
	}

	@Actor
	public void take() {
		this.taken = this.injector.pop();
	}

	@Actor
	public void takeAndReturn() {
		Item first = this.injector.pop();
		this.kept = this.injector.pop();
		if (first != null) {
			this.injector.push(first);
		}
	}

	@Arbiter
	public void rest(II_Result result) {
		this.tally.arrived(this.taken);
		this.tally.arrived(this.kept);
		this.tally.drain(this.injector);
		result.r1 = this.tally.lost();
		result.r2 = this.tally.doubled();
	}

}
