package dev.loopline.runtime.internal.support;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The twin of {@link SpinLockStress} whose lock is taken by a look and a write.
 */
@JCStressTest
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "One after the other")
@Outcome(expect = Expect.ACCEPTABLE_INTERESTING, desc = "Two held it at once")
@State
public class SpinLockBroken {

	private volatile boolean held;

	/** Guarded by the lock. */
	private int count;

	@Actor
	public void first() {
		increment();
	}

	@Actor
	public void second() {
		increment();
	}

	private void increment() {
		while (this.held) {
			Thread.onSpinWait();
		}
		this.held = true;
		this.count++;
		this.held = false;
	}

	@Arbiter
	public void look(I_Result result) {
		result.r1 = this.count;
	}

}
