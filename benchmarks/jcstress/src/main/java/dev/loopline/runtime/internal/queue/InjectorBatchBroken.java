package dev.loopline.runtime.internal.queue;

import java.util.concurrent.atomic.AtomicInteger;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The twin of {@link InjectorBatchStress} whose consumers read the cursor of the batch
 * and then write it.
 */
@JCStressTest
@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "Each took one")
@Outcome(id = "2, 1", expect = Expect.ACCEPTABLE, desc = "Each took one")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Both took the same")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class InjectorBatchBroken {

	private final AtomicInteger next = new AtomicInteger(1);

	@Actor
	public void first(II_Result result) {
		result.r1 = take();
	}

	@Actor
	public void second(II_Result result) {
		result.r2 = take();
	}

	private int take() {
		int index = this.next.get();
		this.next.set(index + 1);
		return index;
	}

}
