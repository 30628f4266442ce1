package dev.loopline.runtime;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The twin of {@link LifeExtensionStress} whose makers do not ask whether the life has
 * ended.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "It was told of the end")
@Outcome(id = "0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Nobody tells it")
@Outcome(expect = Expect.FORBIDDEN, desc = "Impossible")
@State
public class LifeExtensionBroken {

	private final ConcurrentHashMap<Class<?>, Runnable> extensions = new ConcurrentHashMap<>();

	private final AtomicInteger ends = new AtomicInteger();

	@Actor
	public void extend() {
		this.extensions.computeIfAbsent(Runnable.class, (absent) -> this.ends::incrementAndGet);
	}

	@Actor
	public void end() {
		this.extensions.values().forEach(Runnable::run);
	}

	@Arbiter
	public void look(I_Result result) {
		result.r1 = this.ends.get();
	}

}
