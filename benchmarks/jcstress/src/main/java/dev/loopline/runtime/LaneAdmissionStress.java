package dev.loopline.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

import dev.loopline.runtime.internal.thread.ThreadMaker;

/**
 * Slow lane, no admission is lost: a strand that burns the processor comes while the one
 * that has the only permit ends.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "The second strand was admitted")
@Outcome(expect = Expect.FORBIDDEN, desc = "It waits for a permit that nobody has")
@State
public class LaneAdmissionStress {

	/** What the threads of the runtime would run; they are never started. */
	private final List<Runnable> threads = new ArrayList<>();

	private final TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(1)
		.blockingOn(BlockingThreads.PLATFORM, 0)
		.blockingKeepAlive(Duration.ofNanos(1))
		.threadFactory((ThreadMaker.InPlace) (loop) -> {
			this.threads.add(loop);
			return InertRuntime.THREAD;
		})), InertDriver::new);

	private final SlowLane lane = this.runtime.scheduler().slowLane();

	private final Runnable first;

	private final Strand second = burner();

	public LaneAdmissionStress() {
		this.lane.submit(burner());
		this.first = this.threads.get(this.threads.size() - 1);
	}

	private Strand burner() {
		Strand strand = this.runtime.newStrand();
		strand.setPace(Strand.Pace.BURNING);
		strand.execute(() -> {
		});
		this.runtime.scheduler().injector().pop();
		return strand;
	}

	@Actor
	public void finish() {
		this.first.run();
	}

	@Actor
	public void submit() {
		this.lane.submit(this.second);
	}

	@Arbiter
	public void look(I_Result result) {
		result.r1 = this.lane.depth();
	}

}
