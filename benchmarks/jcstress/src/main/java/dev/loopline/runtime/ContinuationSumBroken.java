package dev.loopline.runtime;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JI_Result;

/**
 * The twin of {@link ContinuationSumStress} whose sums are changed without an atomic
 * operation.
 */
@JCStressTest
@Outcome(id = "12, 0", expect = Expect.ACCEPTABLE, desc = "Both are accounted for, and none is left")
@Outcome(expect = Expect.ACCEPTABLE_INTERESTING, desc = "What one has done is lost")
@State
public class ContinuationSumBroken {

	private volatile int active = 1;

	private volatile long usedNanos;

	@Actor
	@SuppressWarnings("NonAtomicVolatileUpdate")
	public void first() {
		this.usedNanos += 5;
		this.active--;
	}

	@Actor
	@SuppressWarnings("NonAtomicVolatileUpdate")
	public void second() {
		this.active++;
		this.usedNanos += 7;
		this.active--;
	}

	@Arbiter
	public void look(JI_Result result) {
		result.r1 = this.usedNanos;
		result.r2 = this.active;
	}

}
