package dev.loopline.runtime;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.internal.thread.ThreadMaker;

/**
 * A runtime whose threads do nothing, so that a test can take their place step by step.
 */
public final class StillRuntime {

	static final long QUANTUM_NANOS = Duration.ofMillis(1).toNanos();

	public final FakeTicker ticker = new FakeTicker();

	public final TaskRuntime runtime;

	public StillRuntime() {
		this(1);
	}

	StillRuntime(int workers) {
		this(workers, new TaskHooks[0]);
	}

	public StillRuntime(TaskHooks... hooks) {
		this(1, hooks);
	}

	private StillRuntime(int workers, TaskHooks[] hooks) {
		this.runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> {
			builder.workers(workers)
				.ticker(this.ticker)
				.threadFactory((ThreadMaker.InPlace) (runnable) -> new Thread(() -> {
				}));
			List.of(hooks).forEach(builder::taskHooks);
		}));
	}

	Strand newStrand() {
		return this.runtime.newStrand();
	}

	Strand[] newStrands(int count) {
		return IntStream.range(0, count).mapToObj((i) -> newStrand()).toArray(Strand[]::new);
	}

	Worker worker(int index) {
		return this.runtime.scheduler().workers()[index];
	}

	@Nullable Work dequeue() {
		return this.runtime.scheduler().injector().pop();
	}

	/**
	 * Polls the strand, which must have been dequeued, and queues it again if it yields.
	 */
	boolean poll(Work work, int budget) {
		boolean again = work.poll(budget, QUANTUM_NANOS, this.ticker, this.ticker.nanos());
		if (again) {
			this.runtime.scheduler().injector().push(work);
		}
		return again;
	}

	/**
	 * Polls what is queued first.
	 * @return {@code false} if nothing is queued
	 */
	public boolean pollNext(int budget) {
		Work work = dequeue();
		if (work != null) {
			poll(work, budget);
		}
		return work != null;
	}

	/**
	 * Runs what is queued until nothing is left.
	 */
	public void drain() {
		while (pollNext(128)) {
			// One after the other
		}
	}

	/**
	 * Fires the timers of every worker that are due.
	 */
	public void fireTimers() {
		for (Worker worker : this.runtime.scheduler().workers()) {
			worker.token.tryAcquire();
			worker.pollNow();
			worker.token.release();
		}
	}

}
