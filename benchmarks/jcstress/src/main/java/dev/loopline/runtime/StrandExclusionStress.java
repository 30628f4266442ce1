package dev.loopline.runtime;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Strand scheduling, polled by at most one thread: items may use plain fields, and a poll
 * sees what the poll before it wrote.
 */
@JCStressTest
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "Both items counted")
@Outcome(expect = Expect.FORBIDDEN, desc = "Two polls overlapped, or an item was lost or ran twice")
@State
public class StrandExclusionStress {

	private final TaskRuntime runtime = InertRuntime.start();

	private final Strand strand = this.runtime.newStrand();

	private int counter;

	@Actor
	public void work() {
		this.strand.execute(() -> this.counter++);
		InertRuntime.pollNext(this.runtime);
	}

	@Actor
	public void workToo() {
		this.strand.execute(() -> this.counter++);
		InertRuntime.pollNext(this.runtime);
	}

	@Arbiter
	public void rest(I_Result result) {
		InertRuntime.pollAll(this.runtime);
		result.r1 = this.counter;
	}

}
