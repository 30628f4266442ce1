package dev.loopline.layers;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A histogram, step 1, all go on with the same period: two record when one is over. Both
 * are known in the one after.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Both count")
@Outcome(expect = Expect.FORBIDDEN, desc = "One of them counts nowhere")
@State
public class HistogramPeriodStress {

	private volatile long now;

	private final LatencyHistogram histogram = new LatencyHistogram(0.5, 2, 10, () -> this.now);

	public HistogramPeriodStress() {
		this.now = 10;
	}

	@Actor
	public void one() {
		this.histogram.record(0);
	}

	@Actor
	public void other() {
		this.histogram.record(0);
	}

	@Arbiter
	public void rest(I_Result result) {
		this.now = 20;
		result.r1 = (this.histogram.percentile() != LatencyHistogram.UNKNOWN) ? 1 : 0;
	}

}
