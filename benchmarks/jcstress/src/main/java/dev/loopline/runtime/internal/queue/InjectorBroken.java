package dev.loopline.runtime.internal.queue;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The twin of {@link InjectorStress} that reads the top of the stack and then writes it.
 */
@JCStressTest
@Outcome(id = "2, 0", expect = Expect.ACCEPTABLE, desc = "The other push had not completed")
@Outcome(id = "2, 1", expect = Expect.ACCEPTABLE, desc = "The own item was first")
@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "The other item was first")
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "A completed push was not found")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class InjectorBroken {

	private volatile Node newest;

	@Actor
	public void push() {
		push(1);
	}

	@Actor
	public void pushAndPop(II_Result result) {
		push(2);
		Node newer = this.newest;
		Node older = newer.below;
		result.r1 = (older != null) ? older.number : newer.number;
		result.r2 = (older != null) ? newer.number : 0;
	}

	private void push(int number) {
		this.newest = new Node(number, this.newest);
	}

	private record Node(int number, Node below) {
	}

}
