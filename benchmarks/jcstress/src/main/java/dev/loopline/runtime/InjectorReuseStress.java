package dev.loopline.runtime;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Injector, a strand that is back on top when somebody else looks again does no harm: two
 * consumers meet, of which one pushes what it took once more. No strand is lost or taken
 * twice.
 */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "Each strand is in one place")
@Outcome(expect = Expect.FORBIDDEN, desc = "A strand was lost or taken twice")
@State
public class InjectorReuseStress {

	private final StrandTally tally = new StrandTally(2);

	private final Injector injector = new Injector();

	private Work taken;

	private Work kept;

	public InjectorReuseStress() {
		this.injector.push(this.tally.get(0));
		this.injector.push(this.tally.get(1));
	}

	@Actor
	public void take() {
		this.taken = this.injector.pop();
	}

	@Actor
	public void takeAndReturn() {
		Work first = this.injector.pop();
		this.kept = this.injector.pop();
		if (first != null) {
			this.injector.push(first);
		}
	}

	@Arbiter
	public void rest(II_Result result) {
		this.tally.arrived(this.taken);
		this.tally.arrived(this.kept);
		this.tally.drain(this.injector);
		result.r1 = this.tally.lost();
		result.r2 = this.tally.doubled();
	}

}
