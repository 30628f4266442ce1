package dev.loopline.autoconfigure.reactor;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A task of Reactor's: it is disposed while it runs, and what its thread runs next is not
 * interrupted.
 */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "At most the task was interrupted")
@Outcome(id = "0, 1", expect = Expect.FORBIDDEN, desc = "The interrupt outlasts the task")
@Outcome(expect = Expect.FORBIDDEN, desc = "The interrupt came after the task before")
@State
public class StrandTaskStress {

	private static final StrandScheduler SCHEDULER = new StrandScheduler(() -> {
		throw new IllegalStateException("There is no runtime");
	}, "stress", StrandScheduler.Kind.PARALLEL);

	private final StrandTask task = new StrandTask(SCHEDULER, null, () -> {
	});

	@Actor
	public void run(II_Result result) {
		result.r1 = Thread.interrupted() ? 1 : 0;
		this.task.run();
		result.r2 = Thread.interrupted() ? 1 : 0;
	}

	@Actor
	public void dispose() {
		this.task.dispose();
	}

}
