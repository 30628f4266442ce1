package dev.loopline.layers;

import java.util.concurrent.atomic.AtomicLong;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * The twin of {@link SumTakeStress} that takes from the sum without asking whether it is
 * still the one that was seen.
 */
@JCStressTest
@Outcome(id = { "1, 0, 0", "0, 1, 0" }, expect = Expect.ACCEPTABLE, desc = "One of them has it")
@Outcome(id = "1, 1, -1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Both have it")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class SumTakeBroken {

	private final AtomicLong sum = new AtomicLong(1);

	@Actor
	public void one(III_Result result) {
		result.r1 = take() ? 1 : 0;
	}

	@Actor
	public void other(III_Result result) {
		result.r2 = take() ? 1 : 0;
	}

	private boolean take() {
		if (this.sum.get() < 1) {
			return false;
		}
		this.sum.addAndGet(-1);
		return true;
	}

	@Arbiter
	public void rest(III_Result result) {
		result.r3 = (int) this.sum.get();
	}

}
