package dev.loopline.runtime;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The twin of {@link RestartStress} that asks twice which life it is.
 */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "It was accepted and is in the new life")
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "It was refused")
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "It was accepted and waits in the old life")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class RestartBroken {

	private static final int TRIES = 1_000;

	private volatile Life life = new Life(true);

	@Actor
	public void restart() {
		this.life = new Life(false);
	}

	@Actor
	public void spawn(II_Result result) {
		for (int i = 0; i < TRIES && result.r1 == 0; i++) {
			Queue<String> queue = this.life.queue;
			if (!this.life.ended) {
				queue.add("task");
				result.r1 = 1;
			}
		}
	}

	@Arbiter
	public void look(II_Result result) {
		result.r2 = this.life.queue.size();
	}

	private static final class Life {

		private final boolean ended;

		private final Queue<String> queue = new ConcurrentLinkedQueue<>();

		Life(boolean ended) {
			this.ended = ended;
		}

	}

}
