package dev.loopline.layers;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A sliding sum, step 4, what is there once is taken once: two see that there is enough
 * for one.
 */
@JCStressTest
@Outcome(id = { "1, 0, 0", "0, 1, 0" }, expect = Expect.ACCEPTABLE, desc = "One of them has it")
@Outcome(expect = Expect.FORBIDDEN, desc = "Both have it, or neither")
@State
public class SumTakeStress {

	private final SlidingSum sum = new SlidingSum(10, () -> 0);

	public SumTakeStress() {
		this.sum.add(1);
	}

	@Actor
	public void one(III_Result result) {
		result.r1 = this.sum.takeIfAtLeast(1, 1) ? 1 : 0;
	}

	@Actor
	public void other(III_Result result) {
		result.r2 = this.sum.takeIfAtLeast(1, 1) ? 1 : 0;
	}

	@Arbiter
	public void rest(III_Result result) {
		result.r3 = (int) this.sum.sum();
	}

}
