package dev.loopline.runtime.internal.support;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Spin lock, one at a time: two threads change what it guards.
 */
@JCStressTest
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "One after the other")
@Outcome(expect = Expect.FORBIDDEN, desc = "Two held it at once, or one did not see what another had done")
@State
public class SpinLockStress {

	private final SpinLock lock = new SpinLock();

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
		this.lock.lock();
		try {
			this.count++;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Arbiter
	public void look(I_Result result) {
		result.r1 = this.count;
	}

}
