package dev.loopline.runtime;

import java.util.concurrent.atomic.AtomicInteger;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The twin of {@link TaskJoinStress} whose end looks for somebody who joins before it
 * says that the task has ended.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Told")
@Outcome(id = "0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Each came too early for the other: nobody is told")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class TaskJoinBroken {

	private volatile boolean ended;

	private volatile boolean joined;

	private final AtomicInteger told = new AtomicInteger();

	@Actor
	public void end() {
		if (this.joined) {
			this.told.incrementAndGet();
		}
		this.ended = true;
	}

	@Actor
	public void join() {
		if (this.ended) {
			this.told.incrementAndGet();
		}
		else {
			this.joined = true;
		}
	}

	@Arbiter
	public void rest(I_Result result) {
		result.r1 = this.told.get();
	}

}
