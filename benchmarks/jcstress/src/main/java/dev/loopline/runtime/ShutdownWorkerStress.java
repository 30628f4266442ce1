package dev.loopline.runtime;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Shutdown, step 4: a worker whose strands give work to each other is told to end, and is
 * not waited for.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "What was accepted has run or was cancelled")
@Outcome(expect = Expect.FORBIDDEN, desc = "It is queued for ever")
@State
public class ShutdownWorkerStress {

	private final EndingRuntime runtime = new EndingRuntime();

	private final Strand first = this.runtime.newStrand();

	private final Strand second = this.runtime.newStrand();

	public ShutdownWorkerStress() {
		goOn(this.first);
		goOn(this.second);
	}

	private void goOn(Strand strand) {
		this.runtime.execute(strand, () -> goOn((strand == this.first) ? this.second : this.first));
	}

	@Actor
	public void end() {
		this.runtime.end();
	}

	@Actor
	public void work() {
		this.runtime.work();
	}

	@Arbiter
	public void look(I_Result result) {
		result.r1 = this.runtime.lost();
	}

}
