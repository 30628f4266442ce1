package dev.loopline.runtime;

import java.util.concurrent.atomic.AtomicInteger;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Task, the end and a join: whoever joins while the task ends is told, once.
 */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Told once")
@Outcome(expect = Expect.FORBIDDEN, desc = "Not told, or twice")
@State
public class TaskJoinStress {

	private final TaskRuntime runtime = InertRuntime.start();

	private final JoinHandle<Integer> handle = this.runtime.spawn(() -> 1);

	private final AtomicInteger told = new AtomicInteger();

	@Actor
	public void poll() {
		InertRuntime.pollNext(this.runtime);
	}

	@Actor
	public void join() {
		this.handle.thenAccept(this.told::addAndGet);
	}

	@Arbiter
	public void rest(II_Result result) {
		result.r1 = this.told.get();
		result.r2 = (this.handle.status() == TaskStatus.COMPLETE) ? 1 : 0;
	}

}
