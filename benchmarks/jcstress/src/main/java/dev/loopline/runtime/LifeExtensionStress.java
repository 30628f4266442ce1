package dev.loopline.runtime;

import java.util.concurrent.atomic.AtomicInteger;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Extensions: one is made while its life ends, and is told of the end once.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "It was told of the end")
@Outcome(expect = Expect.FORBIDDEN, desc = "Nobody told it, or two did")
@State
public class LifeExtensionStress {

	private static final TaskRuntime RUNTIME = InertRuntime.start();

	private final RuntimeLife life = new RuntimeLife(RUNTIME.scheduler());

	private final AtomicInteger ends = new AtomicInteger();

	@Actor
	public void extend() {
		this.life.extension(RuntimeLife.Extension.class, (life) -> this.ends::incrementAndGet);
	}

	@Actor
	public void end() {
		this.life.end();
	}

	@Arbiter
	public void look(I_Result result) {
		result.r1 = this.ends.get();
	}

}
