package dev.loopline.runtime;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The twin of {@link ShutdownStress} where nobody asks after he has queued work whether
 * the queue was closed meanwhile.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "What was accepted was cancelled")
@Outcome(expect = Expect.ACCEPTABLE_INTERESTING, desc = "It is queued for ever")
@State
public class ShutdownBroken {

	private final Queue<String> queue = new ConcurrentLinkedQueue<>();

	private volatile boolean closing;

	@Actor
	public void end() {
		this.closing = true;
		this.queue.clear();
	}

	@Actor
	public void execute() {
		while (!this.closing) {
			this.queue.add("work");
		}
	}

	@Arbiter
	public void look(I_Result result) {
		result.r1 = this.queue.size();
	}

}
