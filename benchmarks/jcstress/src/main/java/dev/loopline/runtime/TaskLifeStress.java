package dev.loopline.runtime;

import java.util.concurrent.CompletableFuture;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Task state: a poll, the wake-up by what the task waits for, an abort and a join meet.
 * The task ends exactly once, with one of the two outcomes, and whoever joins sees it.
 */
@JCStressTest
@Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "It ended with its result")
@Outcome(id = "1, 1, 2", expect = Expect.ACCEPTABLE, desc = "It was aborted")
@Outcome(expect = Expect.FORBIDDEN, desc = "The task was lost or ended twice")
@State
public class TaskLifeStress {

	private final TaskRuntime runtime = InertRuntime.start();

	private final CompletableFuture<Integer> stage = new CompletableFuture<>();

	private final JoinHandle<Integer> handle = this.runtime.spawnAsync(() -> this.stage);

	private int joined;

	private int outcome;

	@Actor
	public void pollAndJoin() {
		InertRuntime.pollNext(this.runtime);
		this.handle.whenComplete((value, failure) -> {
			this.joined++;
			this.outcome = (failure != null) ? 2 : 1;
		});
	}

	@Actor
	public void completeAndAbort() {
		this.stage.complete(1);
		this.handle.abort();
	}

	@Arbiter
	public void rest(III_Result result) {
		InertRuntime.pollAll(this.runtime);
		result.r1 = this.handle.isFinished() ? 1 : 0;
		result.r2 = this.joined;
		result.r3 = this.outcome;
	}

}
