package dev.loopline.runtime;

import java.util.concurrent.atomic.AtomicReference;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The twin of {@link DriverTokenStress} that looks whether the token is free and then
 * takes it, without a CAS.
 */
@JCStressTest
@Outcome(id = { "0, 1", "1, 0" }, expect = Expect.ACCEPTABLE,
		desc = "One holder; the other thread found the token taken")
@Outcome(id = { "1, 2", "2, 1" }, expect = Expect.ACCEPTABLE,
		desc = "One holder after the other, who sees what the first wrote")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Two holders at once")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class DriverTokenBroken {

	private final AtomicReference<Thread> holder = new AtomicReference<>();

	private int guarded;

	@Actor
	public void take(II_Result result) {
		result.r1 = hold();
	}

	@Actor
	public void takeToo(II_Result result) {
		result.r2 = hold();
	}

	private int hold() {
		if (this.holder.get() != null) {
			return 0;
		}
		this.holder.set(Thread.currentThread());
		int value = ++this.guarded;
		this.holder.setRelease(null);
		return value;
	}

}
