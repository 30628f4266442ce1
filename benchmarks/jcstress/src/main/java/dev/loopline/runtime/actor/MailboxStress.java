package dev.loopline.runtime.actor;

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
 * Actor mailbox: two messages, one place, and the stop. A message is handled if it was
 * accepted, else its sender is told, and the actor ends after what it accepted.
 */
@JCStressTest
@Outcome(id = "2, 0, 1", expect = Expect.ACCEPTABLE, desc = "Both were handled")
@Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "One was refused")
@Outcome(id = "0, 2, 1", expect = Expect.ACCEPTABLE, desc = "Both came after the stop")
@Outcome(expect = Expect.FORBIDDEN, desc = "A message was lost, or the actor did not end")
@State
public class MailboxStress {

	private final TaskRuntime runtime = InertRuntime.start();

	private final int[] refused = new int[2];

	private int handled;

	private final ActorRef<Integer> actor = Actors.of(this.runtime)
		.spawn("actor", () -> (message, context) -> this.handled++,
				ActorOptions.DEFAULTS.mailbox(1, MailboxPolicy.BACK_PRESSURE));

	public MailboxStress() {
		InertRuntime.pollAll(this.runtime); // starts the actor
	}

	@Actor
	public void tellTwice() {
		tell(0);
		tell(1);
	}

	@Actor
	public void stop() {
		this.actor.stop();
	}

	private void tell(int sender) {
		this.actor.tell(sender).exceptionally((ex) -> {
			this.refused[sender]++;
			return null;
		});
	}

	@Arbiter
	public void rest(III_Result result) {
		InertRuntime.pollAll(this.runtime);
		result.r1 = this.handled;
		result.r2 = this.refused[0] + this.refused[1];
		result.r3 = this.actor.snapshot().stopped() ? 1 : 0;
	}

}
