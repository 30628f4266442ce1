package dev.loopline.layers;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * The twin of {@link LimiterResizeStress} that only says that there are more permits, and
 * looks at the line for itself.
 */
@JCStressTest
@Outcome(id = "1, 2, 0", expect = Expect.ACCEPTABLE, desc = "It has the permit")
@Outcome(id = "0, 1, 1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "It waits for a permit that is free")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class LimiterResizeBroken {

	private final AtomicInteger inFlight = new AtomicInteger(1);

	private final ConcurrentLinkedQueue<CountingWaiter> line = new ConcurrentLinkedQueue<>();

	private final CountingWaiter waiter = new CountingWaiter();

	private volatile int permits = 1;

	@Actor
	public void resize() {
		CountingWaiter next = this.line.poll();
		this.permits = 2;
		if (next != null) {
			this.inFlight.incrementAndGet();
			next.granted();
		}
	}

	@Actor
	public void enter() {
		if (this.inFlight.get() < this.permits) {
			this.inFlight.incrementAndGet();
			this.waiter.granted();
		}
		else {
			this.line.add(this.waiter);
		}
	}

	@Arbiter
	public void rest(III_Result result) {
		result.r1 = this.waiter.grants();
		result.r2 = this.inFlight.get();
		result.r3 = this.line.size();
	}

}
