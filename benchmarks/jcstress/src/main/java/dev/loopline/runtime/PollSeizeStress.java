package dev.loopline.runtime;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A poll that ends while a spare thread takes its worker away: exactly one of them
 * succeeds.
 */
@JCStressTest
@Outcome(id = "1, 0, 0", expect = Expect.ACCEPTABLE, desc = "The poll ended in time")
@Outcome(id = "0, 1, 1", expect = Expect.ACCEPTABLE, desc = "The spare thread took the worker")
@Outcome(expect = Expect.FORBIDDEN, desc = "Two owners, or none")
@State
public class PollSeizeStress {

	private static final long START = 17;

	private final Strand strand = new Strand(null, null, StrandOptions.DEFAULTS);

	private final PollState poll = new PollState();

	public PollSeizeStress() {
		this.poll.begin(this.strand, START);
	}

	@Actor
	public void end(III_Result result) {
		result.r1 = this.poll.end(START) ? 1 : 0;
	}

	@Actor
	public void seize(III_Result result) {
		result.r2 = this.poll.seize(START) ? 1 : 0;
	}

	@Arbiter
	public void look(III_Result result) {
		result.r3 = this.poll.isSeized() ? 1 : 0;
	}

}
