package dev.loopline.runtime;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Task state, the lock passes from a poll that yields to the queue: an abort meanwhile
 * puts the task into no second queue, and is seen.
 */
@JCStressTest
@Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE, desc = "It ended once, aborted")
@Outcome(id = "1, 0, 2", expect = Expect.ACCEPTABLE, desc = "It ended once, before the abort")
@Outcome(expect = Expect.FORBIDDEN, desc = "It ended twice or never, or is still queued")
@State
public class TaskYieldStress {

	private final TaskRuntime runtime = InertRuntime.start();

	private int polls;

	private final JoinHandle<Void> handle = this.runtime
		.spawn((TaskContext task) -> (++this.polls < 3) ? Poll.yielded() : Poll.ready(null));

	@Actor
	public void poll() {
		InertRuntime.pollNext(this.runtime);
		InertRuntime.pollNext(this.runtime);
		InertRuntime.pollNext(this.runtime);
	}

	@Actor
	public void abort() {
		this.handle.abort();
	}

	@Arbiter
	public void rest(III_Result result) {
		InertRuntime.pollAll(this.runtime);
		result.r1 = (int) this.runtime.scheduler().tasks().endedOutside();
		result.r2 = this.runtime.scheduler().injector().size();
		result.r3 = this.handle.toCompletableFuture().isCompletedExceptionally() ? 1 : 2;
	}

}
