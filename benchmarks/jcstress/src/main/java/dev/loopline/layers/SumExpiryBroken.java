package dev.loopline.layers;

import java.util.concurrent.atomic.AtomicLong;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The twin of {@link SumExpiryStress} that looks at a slot and empties it in two steps.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "All has left once")
@Outcome(expect = Expect.ACCEPTABLE_INTERESTING, desc = "Something has left twice, or never")
@State
public class SumExpiryBroken {

	private final AtomicLong sum = new AtomicLong(5);

	private final AtomicLong slot = new AtomicLong(5);

	@Actor
	public void one() {
		expire();
	}

	@Actor
	public void other() {
		expire();
	}

	private void expire() {
		long old = this.slot.get();
		this.slot.set(0);
		this.sum.addAndGet(-old);
	}

	@Arbiter
	public void rest(I_Result result) {
		result.r1 = (int) this.sum.get();
	}

}
