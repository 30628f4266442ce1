package dev.loopline.layers;

import java.util.concurrent.atomic.AtomicInteger;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The twin of {@link HistogramPeriodStress} whose new period is simply written.
 */
@JCStressTest
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "Both count")
@Outcome(id = "1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "One of them counts nowhere")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class HistogramPeriodBroken {

	private volatile AtomicInteger period;

	@Actor
	public void one() {
		period().incrementAndGet();
	}

	@Actor
	public void other() {
		period().incrementAndGet();
	}

	private AtomicInteger period() {
		AtomicInteger period = this.period;
		if (period == null) {
			period = new AtomicInteger();
			this.period = period;
		}
		return period;
	}

	@Arbiter
	public void rest(I_Result result) {
		result.r1 = this.period.get();
	}

}
