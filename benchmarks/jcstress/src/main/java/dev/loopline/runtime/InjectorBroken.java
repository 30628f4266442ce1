package dev.loopline.runtime;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The twin of {@link InjectorStress} that counts a strand after it was added.
 */
@JCStressTest
@Outcome(id = "2, 0", expect = Expect.ACCEPTABLE, desc = "The other push had not completed")
@Outcome(id = "2, 1", expect = Expect.ACCEPTABLE, desc = "The own strand was first")
@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "The other strand was first")
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "A completed push was not found")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class InjectorBroken {

	private final ConcurrentLinkedQueue<Integer> queue = new ConcurrentLinkedQueue<>();

	private final AtomicInteger size = new AtomicInteger();

	@Actor
	public void push() {
		push(1);
	}

	@Actor
	public void pushAndPop(II_Result result) {
		push(2);
		result.r1 = pop();
		result.r2 = pop();
	}

	private void push(int number) {
		this.queue.add(number);
		this.size.incrementAndGet();
	}

	private int pop() {
		if (this.size.get() == 0) {
			return 0;
		}
		Integer number = this.queue.poll();
		if (number == null) {
			return 0;
		}
		this.size.decrementAndGet();
		return number;
	}

}
