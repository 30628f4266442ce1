package dev.loopline.runtime;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Strand scheduling, no lost wake-up: the same while the offer makes the mailbox grow by
 * a chunk, during which the mailbox looks empty.
 */
@JCStressTest
@Outcome(id = "8, 0", expect = Expect.ACCEPTABLE, desc = "All items ran and the strand rests")
@Outcome(expect = Expect.FORBIDDEN, desc = "An item was lost or ran twice")
@State
public class StrandGrowthStress {

	/** As many as the first chunk holds beside its link to the next one. */
	private static final int FIRST_CHUNK = 7;

	private final TaskRuntime runtime = InertRuntime.start();

	private final Strand strand = this.runtime.newStrand();

	private int ran;

	private final Runnable item = () -> this.ran++;

	public StrandGrowthStress() {
		for (int i = 0; i < FIRST_CHUNK; i++) {
			this.strand.execute(this.item);
		}
	}

	@Actor
	public void offer() {
		this.strand.execute(this.item);
	}

	@Actor
	public void poll() {
		InertRuntime.pollNext(this.runtime);
	}

	@Arbiter
	public void rest(II_Result result) {
		InertRuntime.pollAll(this.runtime);
		result.r1 = this.ran;
		result.r2 = this.strand.state();
	}

}
