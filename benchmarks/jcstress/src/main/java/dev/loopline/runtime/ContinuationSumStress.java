package dev.loopline.runtime;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JI_Result;

/**
 * Virtual thread on workers, nothing of its account is lost: one worker returns from a
 * continuation while another has got the next one and returns from that.
 */
@JCStressTest
@Outcome(id = "12, 0", expect = Expect.ACCEPTABLE, desc = "Both are accounted for, and none is left")
@Outcome(expect = Expect.FORBIDDEN, desc = "What one has done is lost, or the thread never waits again")
@State
public class ContinuationSumStress {

	private static final Runnable REST = () -> {
	};

	private final MountedRun run = InertRuntime.mountedRun();

	public ContinuationSumStress() {
		this.run.execute(REST);
	}

	@Actor
	public void first() {
		this.run.unmounted(5);
	}

	@Actor
	public void second() {
		this.run.execute(REST);
		this.run.unmounted(7);
	}

	@Arbiter
	public void look(JI_Result result) {
		result.r1 = this.run.usedNanos();
		result.r2 = this.run.active();
	}

}
