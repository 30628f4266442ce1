package dev.loopline.runtime;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The twin of {@link ThreadStartStress} whose failed start does not look at the queue.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "It will be tried again")
@Outcome(id = "1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "It waits for a thread that nobody starts")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class ThreadStartBroken {

	private int starting;

	private int queued;

	private boolean failed;

	private boolean retryScheduled;

	@Actor
	public void handOff() {
		synchronized (this) {
			if (this.failed || this.starting > 0) {
				return;
			}
			this.starting++;
		}
		startFailed();
	}

	@Actor
	public void execute() {
		synchronized (this) {
			if (this.failed || this.starting > 0) {
				enqueue();
				return;
			}
			this.starting++;
		}
		startFailed();
		synchronized (this) {
			enqueue();
		}
	}

	private void enqueue() {
		this.queued++;
		this.retryScheduled = this.failed;
	}

	private synchronized void startFailed() {
		this.starting--;
		this.failed = true;
	}

	@Arbiter
	public void look(I_Result result) {
		result.r1 = this.retryScheduled ? 0 : this.queued;
	}

}
