package dev.loopline.runtime;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

import dev.loopline.runtime.io.IoReadiness;

/**
 * Strand scheduling, no lost wake-up: a readiness for I/O that is offered while a poll
 * begins or ends is served, exactly once.
 */
@JCStressTest
@Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE,
		desc = "The item ran, the readiness was served and the strand rests")
@Outcome(expect = Expect.FORBIDDEN, desc = "Something was lost or done twice")
@State
public class StrandReadinessStress {

	private final TaskRuntime runtime = InertRuntime.start();

	private final Strand strand = this.runtime.newStrand();

	private int ran;

	private int served;

	private final IoReadiness readiness = new IoReadiness() {

		@Override
		public void serve() {
			StrandReadinessStress.this.served++;
		}

	};

	public StrandReadinessStress() {
		this.strand.execute(() -> this.ran++);
	}

	@Actor
	public void offer() {
		this.strand.ready(this.readiness);
	}

	@Actor
	public void poll() {
		InertRuntime.pollNext(this.runtime);
	}

	@Arbiter
	public void rest(III_Result result) {
		InertRuntime.pollAll(this.runtime);
		result.r1 = this.ran;
		result.r2 = this.served;
		result.r3 = this.strand.state();
	}

}
