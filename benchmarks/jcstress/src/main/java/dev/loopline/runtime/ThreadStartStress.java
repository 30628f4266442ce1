package dev.loopline.runtime;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

import dev.loopline.runtime.internal.thread.BlockingPool;

/**
 * Blocking pool, no job is forgotten: one is queued while the only thread that there may
 * be fails to start for another.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "It will be tried again")
@Outcome(expect = Expect.FORBIDDEN, desc = "It waits for a thread that nobody starts")
@State
public class ThreadStartStress {

	private static final OutOfMemoryError SCARCE = new OutOfMemoryError();

	private static final TaskRuntimeConfig CONFIG = TaskRuntimeConfig
		.of((builder) -> builder.ticker(() -> 1).threadFactory((job) -> {
			throw SCARCE;
		}));

	private final BlockingPool pool = new BlockingPool(1, 1, CONFIG.blockingKeepAlive(), CONFIG.threadFactory(),
			CONFIG.ticker());

	@Actor
	public void handOff() {
		this.pool.tryExecute(() -> {
		});
	}

	@Actor
	public void execute() {
		this.pool.execute(() -> {
		});
	}

	@Arbiter
	public void look(I_Result result) {
		result.r1 = this.pool.isRetryScheduled() ? 0 : this.pool.queueDepth();
	}

}
