package dev.loopline.runtime;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Shutdown, step 4: strands are given work while the runtime ends, old ones and new ones.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "What was accepted was cancelled")
@Outcome(expect = Expect.FORBIDDEN, desc = "It is queued for ever")
@State
public class ShutdownStress {

	private final EndingRuntime runtime = new EndingRuntime();

	private final Strand strand = this.runtime.newStrand();

	@Actor
	public void end() {
		this.runtime.end();
	}

	@Actor
	public void execute() {
		this.runtime.awaitEnd();
		Strand next = this.strand;
		while (this.runtime.execute(next, () -> {
		})) {
			next = (next == this.strand) ? this.runtime.newStrand() : this.strand;
		}
	}

	@Arbiter
	public void look(I_Result result) {
		result.r1 = this.runtime.lost();
	}

}
