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
 * The twin of {@link TaskYieldStress} whose poll gives up the lock before it enqueues the
 * task.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "In one queue")
@Outcome(id = "2", expect = Expect.ACCEPTABLE_INTERESTING, desc = "In two queues")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class TaskYieldBroken {

	private final AtomicInteger state = new AtomicInteger(TaskState.LOCKED);

	private final AtomicInteger queues = new AtomicInteger();

	@Actor
	public void yieldToOthers() {
		this.state.set(0);
		this.queues.incrementAndGet();
	}

	@Actor
	public void abort() {
		int before = this.state.getAndUpdate((state) -> state | TaskState.CANCELLED | TaskState.LOCKED);
		if ((before & TaskState.LOCKED) == 0) {
			this.queues.incrementAndGet();
		}
	}

	@Arbiter
	public void rest(I_Result result) {
		result.r1 = this.queues.get();
	}

}
