package dev.loopline.runtime.actor;

import java.util.concurrent.atomic.AtomicInteger;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

import dev.loopline.runtime.InertRuntime;
import dev.loopline.runtime.TaskRuntime;

/**
 * Actor mailbox, back-pressure: a message comes to a full mailbox while the one inside is
 * taken. It is let in, and both are handled.
 */
@JCStressTest
@Outcome(id = "2, 1, 0", expect = Expect.ACCEPTABLE, desc = "Both were handled, and the sender was told")
@Outcome(expect = Expect.FORBIDDEN, desc = "A message waits outside an empty mailbox, or was lost")
@State
public class MailboxOverflowStress {

	private final TaskRuntime runtime = InertRuntime.start();

	private final AtomicInteger accepted = new AtomicInteger();

	private int handled;

	private final ActorRef<Integer> actor = Actors.of(this.runtime)
		.spawn("actor", () -> (message, context) -> this.handled++,
				ActorOptions.DEFAULTS.mailbox(1, MailboxPolicy.BACK_PRESSURE));

	public MailboxOverflowStress() {
		InertRuntime.pollAll(this.runtime); // starts the actor
		this.actor.tell(0);
	}

	@Actor
	public void tell() {
		this.actor.tell(1).thenRun(this.accepted::incrementAndGet);
	}

	@Actor
	public void handle() {
		InertRuntime.pollNext(this.runtime);
	}

	@Arbiter
	public void rest(III_Result result) {
		InertRuntime.pollAll(this.runtime);
		result.r1 = this.handled;
		result.r2 = this.accepted.get();
		result.r3 = this.actor.snapshot().mailboxDepth();
	}

}
