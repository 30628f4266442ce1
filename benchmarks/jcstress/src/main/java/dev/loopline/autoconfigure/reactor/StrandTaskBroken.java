package dev.loopline.autoconfigure.reactor;

import java.util.concurrent.atomic.AtomicReference;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The twin of {@link StrandTaskStress} whose runner does not wait until the one that
 * disposes it has interrupted it.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "At most the task was interrupted")
@Outcome(id = "1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "The interrupt hits what runs next")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class StrandTaskBroken {

	private final AtomicReference<String> state = new AtomicReference<>("waits");

	/** Stands for the flag of the thread. */
	private volatile boolean interrupted;

	@Actor
	public void run() {
		if (this.state.compareAndSet("waits", "runs") && !this.state.compareAndSet("runs", "done")) {
			this.interrupted = false;
		}
	}

	@Actor
	public void dispose() {
		if (!this.state.compareAndSet("waits", "disposed") && this.state.compareAndSet("runs", "disposed")) {
			this.interrupted = true;
		}
	}

	@Arbiter
	public void look(I_Result result) {
		result.r1 = this.interrupted ? 1 : 0;
	}

}
