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
 * The twin of {@link TaskLifeStress} whose poll ends by a store instead of a
 * read-modify-write: it wipes out a wake-up or an abort that came during the poll.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "The task runs again")
@Outcome(id = "0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Lost: suspended, and nobody will wake it")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class TaskLifeBroken {

	private final AtomicInteger state = new AtomicInteger(TaskState.LOCKED);

	private volatile boolean done;

	private boolean seen;

	private boolean submitted;

	@Actor
	public void poll() {
		this.seen = this.done;
		this.state.set(0);
	}

	@Actor
	public void wake() {
		this.done = true;
		int before = this.state.getAndUpdate(
				(state) -> state | (((state & TaskState.LOCKED) == 0) ? TaskState.LOCKED : TaskState.NOTIFIED));
		this.submitted = (before & TaskState.LOCKED) == 0;
	}

	@Arbiter
	public void rest(I_Result result) {
		boolean queued = (this.state.get() & TaskState.NOTIFIED) != 0;
		result.r1 = (this.seen || this.submitted || queued) ? 1 : 0;
	}

}
