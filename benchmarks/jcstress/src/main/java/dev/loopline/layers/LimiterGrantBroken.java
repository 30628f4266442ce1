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
 * The twin of {@link LimiterGrantStress} that has two words: whoever finds no permit gets
 * into line, and whoever gives one back looks at the line, both for themselves.
 */
@JCStressTest
@Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "It has the permit")
@Outcome(id = "0, 0, 1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "It waits for a permit that is free")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class LimiterGrantBroken {

	private final AtomicInteger inFlight = new AtomicInteger(1);

	private final ConcurrentLinkedQueue<CountingWaiter> line = new ConcurrentLinkedQueue<>();

	private final CountingWaiter waiter = new CountingWaiter();

	@Actor
	public void release() {
		CountingWaiter next = this.line.poll();
		if (next != null) {
			next.granted();
		}
		else {
			this.inFlight.decrementAndGet();
		}
	}

	@Actor
	public void enter() {
		if (this.inFlight.compareAndSet(0, 1)) {
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
