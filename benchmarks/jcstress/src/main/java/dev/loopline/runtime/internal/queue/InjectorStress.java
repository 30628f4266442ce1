package dev.loopline.runtime.internal.queue;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Injector, a pop after a completed push finds an item, whatever other pushes are under
 * way.
 */
@JCStressTest
@Outcome(id = "2, 0", expect = Expect.ACCEPTABLE, desc = "The other push had not completed")
@Outcome(id = "2, 1", expect = Expect.ACCEPTABLE, desc = "The own item was first")
@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "The other item was first")
@Outcome(expect = Expect.FORBIDDEN, desc = "A completed push was not found")
@State
public class InjectorStress {

	private final ItemTally tally = new ItemTally(2);

	private final Injector<Item> injector = new Injector<>();

	@Actor
	public void push() {
		this.injector.push(this.tally.get(0));
	}

	@Actor
	public void pushAndPop(II_Result result) {
		this.injector.push(this.tally.get(1));
		result.r1 = number(this.injector.pop());
		result.r2 = number(this.injector.pop());
	}

	private int number(Item item) {
		if (item == null) {
			return 0;
		}
		return (item == this.tally.get(0)) ? 1 : 2;
	}

}
