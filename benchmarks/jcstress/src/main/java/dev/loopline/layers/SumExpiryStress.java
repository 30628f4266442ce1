package dev.loopline.layers;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A sliding sum, step 2, nothing is taken twice: two find that time has moved on, and add
 * something. When that is old, too, nothing is left.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "All has left once")
@Outcome(expect = Expect.FORBIDDEN, desc = "Something has left twice, or never")
@State
public class SumExpiryStress {

	private volatile long now;

	private final SlidingSum sum = new SlidingSum(10, () -> this.now);

	public SumExpiryStress() {
		this.sum.add(5);
		this.now = 10;
	}

	@Actor
	public void one() {
		this.sum.add(1);
	}

	@Actor
	public void other() {
		this.sum.add(2);
	}

	@Arbiter
	public void rest(I_Result result) {
		this.now = 100;
		result.r1 = (int) this.sum.sum();
	}

}
