package dev.loopline.runtime;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Task state, an abort never ends a task beneath a poll: a suspended task is woken and
 * aborted at once, by two threads that both run what they queue. It ends exactly once.
 */
@JCStressTest
@Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE, desc = "It ended once and is listed no more")
@Outcome(expect = Expect.FORBIDDEN, desc = "It ended twice, never, or is still listed")
@State
public class TaskAbortStress {

	private final TaskRuntime runtime = InertRuntime.start();

	private TaskContext context;

	private final JoinHandle<Void> handle = this.runtime.spawn((task) -> {
		this.context = task;
		return Poll.suspended();
	});

	public TaskAbortStress() {
		InertRuntime.pollAll(this.runtime); // suspends the task
	}

	@Actor
	public void wake() {
		this.context.wake();
		InertRuntime.pollNext(this.runtime);
	}

	@Actor
	public void abort() {
		this.handle.abort();
		InertRuntime.pollNext(this.runtime);
	}

	@Arbiter
	public void rest(III_Result result) {
		InertRuntime.pollAll(this.runtime);
		result.r1 = (int) this.runtime.scheduler().tasks().endedOutside();
		result.r2 = this.runtime.scheduler().tasks().suspended().size();
		result.r3 = this.handle.isFinished() ? 1 : 0;
	}

}
