package dev.loopline.runtime.actor;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The twin of {@link MailboxOverflowStress} whose sender stands in line and does not look
 * at the mailbox again.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "The message was let in")
@Outcome(id = "1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "It waits outside an empty mailbox")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class MailboxOverflowBroken {

	private final AtomicInteger room = new AtomicInteger();

	private final Queue<String> line = new ConcurrentLinkedQueue<>();

	@Actor
	public void tell() {
		if (this.room.get() == 0) {
			this.line.add("message");
		}
	}

	@Actor
	public void take() {
		this.room.incrementAndGet();
		this.line.poll();
	}

	@Arbiter
	public void rest(I_Result result) {
		result.r1 = this.line.size();
	}

}
