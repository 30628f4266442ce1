package dev.loopline.runtime.actor;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The twin of {@link MailboxStress} that keeps "closed" and the number of messages in two
 * words: the actor may end between a sender's look at the one and its change of the
 * other.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "The message was refused, or counted before the end")
@Outcome(id = "1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Lost: accepted by an actor that has ended")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class MailboxBroken {

	private final AtomicBoolean closed = new AtomicBoolean();

	private final AtomicInteger depth = new AtomicInteger();

	private boolean ended;

	private boolean accepted;

	@Actor
	public void tell() {
		if (!this.closed.get()) {
			this.depth.incrementAndGet();
			this.accepted = true;
		}
	}

	@Actor
	public void stop() {
		this.closed.set(true);
		this.ended = this.depth.get() == 0;
	}

	@Arbiter
	public void rest(I_Result result) {
		result.r1 = (this.accepted && this.ended) ? 1 : 0;
	}

}
