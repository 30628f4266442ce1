package dev.loopline.runtime;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The twin of {@link PollSeizeStress} that looks whether the poll is still under way and
 * then writes, without a CAS.
 */
@JCStressTest
@Outcome(id = { "1, 0", "0, 1" }, expect = Expect.ACCEPTABLE, desc = "One of them succeeded")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Two owners")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class PollSeizeBroken {

	private static final long START = 17;

	private volatile long start = START;

	@Actor
	public void end(II_Result result) {
		result.r1 = change(0);
	}

	@Actor
	public void seize(II_Result result) {
		result.r2 = change(-1);
	}

	private int change(long value) {
		if (this.start != START) {
			return 0;
		}
		this.start = value;
		return 1;
	}

}
