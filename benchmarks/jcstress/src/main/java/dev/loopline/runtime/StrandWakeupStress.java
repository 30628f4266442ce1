package dev.loopline.runtime;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Strand scheduling, no lost wake-up: an item that is offered while a poll begins or ends
 * is run, exactly once.
 */
@JCStressTest
@Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "Both items ran and the strand rests")
@Outcome(expect = Expect.FORBIDDEN, desc = "An item was lost or ran twice")
@State
public class StrandWakeupStress {

	private final TaskRuntime runtime = InertRuntime.start();

	private final Strand strand = this.runtime.newStrand();

	private int first;

	private int second;

	public StrandWakeupStress() {
		this.strand.execute(() -> this.first++);
	}

	@Actor
	public void offer() {
		this.strand.execute(() -> this.second++);
	}

	@Actor
	public void poll() {
		InertRuntime.pollNext(this.runtime);
	}

	@Arbiter
	public void rest(III_Result result) {
		InertRuntime.pollAll(this.runtime);
		result.r1 = this.first;
		result.r2 = this.second;
		result.r3 = this.strand.state();
	}

}
