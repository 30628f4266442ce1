package dev.loopline.runtime;

import java.time.Duration;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

import dev.loopline.runtime.internal.thread.ThreadMaker;

/**
 * Slow lane, what is withdrawn needs no thread: a worker is about to hand a strand over
 * to the lane, which has no thread for it, while the strand is withdrawn.
 */
@JCStressTest
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "A worker runs it")
@Outcome(expect = Expect.FORBIDDEN, desc = "It waits for a thread, or is lost, or is in two queues")
@State
public class LaneWithdrawStress {

	private final TaskRuntime runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> builder.workers(1)
		.blockingOn(BlockingThreads.PLATFORM, 0)
		.blockingThreads(1)
		.blockingKeepAlive(Duration.ofNanos(1))
		.threadFactory((ThreadMaker.InPlace) (loop) -> new InertThread())), InertDriver::new);

	private final SlowLane lane = this.runtime.scheduler().slowLane();

	private final Strand strand = scheduled();

	private int polls;

	public LaneWithdrawStress() {
		this.lane.submit(scheduled()); // has the thread and keeps it
	}

	private Strand scheduled() {
		Strand strand = this.runtime.newStrand();
		strand.setPace(Strand.Pace.BLOCKING);
		strand.execute(() -> {
		});
		this.runtime.scheduler().injector().pop();
		return strand;
	}

	@Actor
	public void dequeue() {
		if (this.strand.isFast()) {
			this.polls++;
		}
		else {
			this.lane.submit(this.strand);
		}
	}

	@Actor
	public void withdraw() {
		this.lane.withdraw(this.strand);
	}

	@Arbiter
	public void look(II_Result result) {
		result.r1 = this.lane.depth();
		while (this.runtime.scheduler().injector().pop() != null) {
			this.polls++;
		}
		result.r2 = this.polls;
	}

	/** The pool counts its threads: one for all of them would be one. */
	private static final class InertThread extends Thread {

		@Override
		public synchronized void start() {
			// Never.
		}

	}

}
