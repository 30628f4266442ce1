package dev.loopline.runtime;

import java.util.concurrent.atomic.AtomicInteger;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The twin of {@link TaskAbortStress} whose aborter ends a task that does not run by
 * itself, after a look at the state: a poll may have begun meanwhile.
 */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "The poll ended the task")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The aborter did")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Both did: the body is torn down beneath the poll")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class TaskAbortBroken {

	private final AtomicInteger state = new AtomicInteger();

	@Actor
	public void poll(II_Result result) {
		int before = this.state.getAndUpdate((state) -> state | TaskState.LOCKED);
		result.r1 = ((before & TaskState.COMPLETE) == 0) ? 1 : 0;
	}

	@Actor
	public void abort(II_Result result) {
		if ((this.state.get() & TaskState.LOCKED) == 0) {
			this.state.set(TaskState.COMPLETE);
			result.r2 = 1;
		}
	}

}
