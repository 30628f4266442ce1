package dev.loopline.runtime;

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
 * The twin of {@link LaneAdmissionStress} without a lock, whose last strand looks for the
 * next one before it gives its permit back.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "The second strand was admitted")
@Outcome(id = "1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "It waits for a permit that nobody has")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class LaneAdmissionBroken {

	private final Queue<String> waiting = new ConcurrentLinkedQueue<>();

	private final AtomicInteger runnable = new AtomicInteger(1);

	@Actor
	public void finish() {
		if (this.waiting.poll() == null) {
			this.runnable.decrementAndGet();
		}
	}

	@Actor
	public void submit() {
		this.waiting.add("second");
		if (this.runnable.compareAndSet(0, 1)) {
			this.waiting.poll();
		}
	}

	@Arbiter
	public void look(I_Result result) {
		result.r1 = this.waiting.size();
	}

}
