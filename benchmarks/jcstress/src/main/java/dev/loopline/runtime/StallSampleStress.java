package dev.loopline.runtime;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A sample of a thread that ends the poll which stalled and begins another one: what is
 * kept is of the first.
 */
@JCStressTest
@Outcome(id = { "0, 0", "0, 1", "0, 2" }, expect = Expect.ACCEPTABLE, desc = "The poll was over: nothing is kept")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "What was kept is of the poll")
@Outcome(expect = Expect.FORBIDDEN, desc = "The second poll is accused of what the first one did")
@State
public class StallSampleStress {

	private static final long FIRST = 17;

	private static final long SECOND = 18;

	private final Strand strand = new Strand(null, null, StrandOptions.DEFAULTS);

	private final PollState poll = new PollState();

	/** What is on the stack of the thread: the poll that it is inside of. */
	private volatile int stack = 1;

	public StallSampleStress() {
		this.poll.begin(this.strand, FIRST);
	}

	@Actor
	public void poll() {
		this.poll.end(FIRST);
		this.poll.begin(this.strand, SECOND);
		this.stack = 2;
	}

	@Actor
	public void sample(II_Result result) {
		if (this.poll.isIn(FIRST)) {
			result.r2 = this.stack;
			result.r1 = this.poll.isIn(FIRST) ? 1 : 0;
		}
	}

}
