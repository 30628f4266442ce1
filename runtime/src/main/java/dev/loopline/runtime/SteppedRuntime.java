package dev.loopline.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.loopline.runtime.internal.queue.FastRandom;
import dev.loopline.runtime.internal.thread.ThreadMaker;

/**
 * For tests: a runtime without threads. The calling thread runs one step after the other,
 * in an order that only the seed decides, so that an interleaving can be had again. Time
 * stands still while anything can run. Not thread-safe.
 */
public final class SteppedRuntime implements AutoCloseable {

	/*-
	 * A step is one poll of a task, a few items of a strand or one blocking job: the points at which
	 * other work may come in between are those of the real runtime, but for what runs in parallel
	 * between them. Blocking jobs are what the pool wants to start threads for.
	 */

	/** Items of a strand in one step, at most: few, for many interleavings. */
	private static final int MAX_BUDGET = 3;

	/** More steps than this are taken for an endless loop. */
	private static final int MAX_STEPS = 10_000_000;

	private final long seed;

	private final FastRandom random;

	private final PausedClock clock = new PausedClock();

	private final List<Runnable> jobs = new ArrayList<>();

	private final List<Work> runnable = new ArrayList<>();

	private final TaskRuntime runtime;

	private SteppedRuntime(long seed) {
		this.seed = seed;
		this.random = new FastRandom(seed);
		this.runtime = TaskRuntime
			.start(TaskRuntimeConfig.of((builder) -> builder.flavour(TaskRuntimeConfig.Flavour.CURRENT_THREAD)
				.blockingThreads(1 << 20)
				.blockingKeepAlive(Duration.ofNanos(1))
				.threadFactory(stillThreads())
				.ticker(this.clock)
				.seed(seed)));
		this.jobs.clear(); // the worker itself
	}

	private ThreadMaker.InPlace stillThreads() {
		return (body) -> new Thread(body) {

			@Override
			public synchronized void start() {
				SteppedRuntime.this.jobs.add(body);
			}

		};
	}

	/**
	 * Starts a runtime.
	 * @param seed decides the order of all steps
	 * @return the runtime, in which nothing runs by itself
	 */
	public static SteppedRuntime start(long seed) {
		return new SteppedRuntime(seed);
	}

	/**
	 * Returns the runtime. Do not block on its handles: nobody would run them.
	 * @return the runtime
	 */
	public TaskRuntime runtime() {
		return this.runtime;
	}

	/**
	 * Returns the seed.
	 * @return the seed
	 */
	public long seed() {
		return this.seed;
	}

	/**
	 * Runs one step.
	 * @return {@code false} if there was nothing to run
	 */
	public boolean step() {
		Work queued;
		while ((queued = this.runtime.scheduler().injector().pop()) != null) {
			this.runnable.add(queued);
		}
		int choices = this.runnable.size() + this.jobs.size();
		if (choices == 0) {
			return false;
		}
		int choice = this.random.nextInt(choices);
		if (choice < this.runnable.size()) {
			poll(this.runnable.remove(choice));
		}
		else {
			this.jobs.remove(choice - this.runnable.size()).run();
		}
		return true;
	}

	private void poll(Work next) {
		int budget = 1 + this.random.nextInt(MAX_BUDGET);
		if (next.poll(budget, this.runtime.config().quantum().toNanos(), this.clock, this.clock.nanos())) {
			this.runnable.add(next);
		}
	}

	/**
	 * Runs steps until nothing is left that can run now.
	 */
	public void runUntilIdle() {
		for (int steps = 0; step(); steps++) {
			if (steps == MAX_STEPS) {
				throw new AssertionError("Endless loop with seed " + this.seed);
			}
		}
	}

	/**
	 * Moves the clock on and queues what is due then.
	 * @param time how far, not negative
	 */
	public void advance(Duration time) {
		this.clock.advance(time);
		fireTimers();
	}

	/**
	 * Runs steps, and moves the clock to the next timer when there are none, until a
	 * stage is complete.
	 * @param <T> the type of the result
	 * @param stage what to wait for
	 * @return the result
	 * @throws AssertionError if nothing is left to run before that
	 */
	public <T> T await(CompletionStage<T> stage) {
		CompletableFuture<T> result = stage.toCompletableFuture();
		while (!result.isDone()) {
			if (!step() && !advanceToNextTimer()) {
				throw new AssertionError(
						"With seed %d nothing is left to run and there is no result: %s".formatted(this.seed, stage));
			}
		}
		return result.join();
	}

	private boolean advanceToNextTimer() {
		fireTimers(); // learns of new ones
		if (!this.runtime.scheduler().injector().isEmpty()) {
			return true;
		}
		long next = this.runtime.scheduler().workers()[0].nextDeadlineNanos();
		if (next == Long.MAX_VALUE) {
			return false;
		}
		this.clock.advanceTo(next);
		fireTimers();
		return true;
	}

	private void fireTimers() {
		Worker worker = this.runtime.scheduler().workers()[0];
		worker.token.tryAcquire();
		try {
			worker.pollNow();
		}
		finally {
			worker.token.release();
		}
	}

	/**
	 * Aborts what has not ended.
	 */
	@Override
	public void close() {
		this.runtime.scheduler().tasks().close();
		this.runtime.scheduler().life().end();
		runUntilIdle();
	}

}
