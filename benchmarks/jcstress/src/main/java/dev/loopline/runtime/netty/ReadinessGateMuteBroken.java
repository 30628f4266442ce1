package dev.loopline.runtime.netty;

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
 * The twin of {@link ReadinessGateStress} whose muter and strand write with release and
 * read with acquire: each misses the other, and nobody unmutes.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "One of the two unmuted")
@Outcome(id = "0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Muted for ever with nothing pending")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class ReadinessGateMuteBroken {

	private final AtomicBoolean muted = new AtomicBoolean();

	private final AtomicInteger pending = new AtomicInteger(1);

	@Actor
	public void mute() {
		this.muted.setRelease(true);
		if (this.pending.getAcquire() == 0) {
			this.muted.setRelease(false);
		}
	}

	@Actor
	public void serve() {
		this.pending.setRelease(0);
		if (this.muted.getAcquire()) {
			this.muted.setRelease(false);
		}
	}

	@Arbiter
	public void rest(I_Result result) {
		result.r1 = this.muted.get() ? 0 : 1;
	}

}
