package dev.loopline.runtime;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Strand scheduling, in at most one queue: of two threads that offer to an idle strand
 * one enqueues it, and the items keep the order of each producer.
 */
@JCStressTest
@Outcome(id = "1, 123", expect = Expect.ACCEPTABLE, desc = "The first producer was first")
@Outcome(id = "1, 132", expect = Expect.ACCEPTABLE, desc = "The second producer came between")
@Outcome(id = "1, 312", expect = Expect.ACCEPTABLE, desc = "The second producer was first")
@Outcome(expect = Expect.FORBIDDEN, desc = "Enqueued twice or never, or out of order")
@State
public class StrandEnqueueStress {

	private final TaskRuntime runtime = InertRuntime.start();

	private final Strand strand = this.runtime.newStrand();

	/** One decimal digit for each item that ran. */
	private int order;

	@Actor
	public void offerTwo() {
		this.strand.execute(() -> this.order = this.order * 10 + 1);
		this.strand.execute(() -> this.order = this.order * 10 + 2);
	}

	@Actor
	public void offerOne() {
		this.strand.execute(() -> this.order = this.order * 10 + 3);
	}

	@Arbiter
	public void rest(II_Result result) {
		result.r1 = this.runtime.scheduler().injector().size();
		InertRuntime.pollAll(this.runtime);
		result.r2 = this.order;
	}

}
