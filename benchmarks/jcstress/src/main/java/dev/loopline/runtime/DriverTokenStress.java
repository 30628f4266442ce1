package dev.loopline.runtime;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

import dev.loopline.runtime.io.DriverToken;

/**
 * Driver token, one holder at a time: what it guards is plain, and a holder sees what the
 * one before wrote.
 */
@JCStressTest
@Outcome(id = { "0, 1", "1, 0" }, expect = Expect.ACCEPTABLE,
		desc = "One holder; the other thread found the token taken")
@Outcome(id = { "1, 2", "2, 1" }, expect = Expect.ACCEPTABLE,
		desc = "One holder after the other, who sees what the first wrote")
@Outcome(expect = Expect.FORBIDDEN, desc = "Two holders at once, or none")
@State
public class DriverTokenStress {

	private final DriverToken token = new DriverToken();

	private int guarded;

	@Actor
	public void take(II_Result result) {
		result.r1 = hold();
	}

	@Actor
	public void takeToo(II_Result result) {
		result.r2 = hold();
	}

	private int hold() {
		if (!this.token.tryAcquire()) {
			return 0;
		}
		try {
			return ++this.guarded;
		}
		finally {
			this.token.release();
		}
	}

}
