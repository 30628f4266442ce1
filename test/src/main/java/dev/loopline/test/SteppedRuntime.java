package dev.loopline.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import dev.loopline.runtime.SchedulerProbe;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;
import dev.loopline.runtime.TaskRuntimeConfigBuilder;

/**
 * A runtime without threads. The calling thread runs one step after the other, in an
 * order that only the seed decides, so that an interleaving can be had again. Time stands
 * still while anything can run. Not thread-safe.
 */
public final class SteppedRuntime implements AutoCloseable {

	/*-
	 * A step is one poll of a task, a few items of a strand, a virtual thread up to where it waits, or one
	 * blocking job: the points at which other work may come in between are those of the real runtime, but
	 * for what runs in parallel between them. Blocking jobs are what the pool wants to start threads for, and
	 * run to their ends: one that waits for another would wait for ever. On JDKs that have virtual threads
	 * strands that may block have those, and one that waits is a step that is not there until it is woken.
	 * Priorities decide nothing: with luck, anything may come first.
	 */

	/** Items of a strand in one step, at most: few, for many interleavings. */
	private static final int MAX_BUDGET = 3;

	/** More steps than this are taken for an endless loop. */
	private static final int MAX_STEPS = 10_000_000;

	private final long seed;

	private final SplittableRandom random;

	private final PausedClock clock = new PausedClock();

	private final List<Runnable> jobs = new ArrayList<>();

	private final List<SchedulerProbe.Step> runnable = new ArrayList<>();

	private final TaskRuntime runtime;

	private final SchedulerProbe probe;

	private SteppedRuntime(long seed, Consumer<TaskRuntimeConfigBuilder> customizer) {
		this.seed = seed;
		this.random = new SplittableRandom(seed);
		this.runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> {
			builder.blockingThreads(1 << 20);
			customizer.accept(builder);
			builder.flavour(TaskRuntimeConfig.Flavour.CURRENT_THREAD)
				.blockingKeepAlive(Duration.ofNanos(1))
				.threadFactory(SchedulerProbe.inPlace(this::newThread))
				.ticker(this.clock)
				.seed(seed);
		}));
		this.probe = SchedulerProbe.of(this.runtime);
		this.jobs.clear(); // the worker itself
	}

	private Thread newThread(Runnable body) {
		return new Thread(body) {

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
		return start(seed, (builder) -> {
		});
	}

	/**
	 * Starts a runtime with a configuration of its own, such as one blocking thread for
	 * which much has to wait.
	 * @param seed decides the order of all steps
	 * @param customizer changes the configuration, but for threads, clock and seed
	 * @return the runtime, in which nothing runs by itself
	 */
	public static SteppedRuntime start(long seed, Consumer<TaskRuntimeConfigBuilder> customizer) {
		return new SteppedRuntime(seed, Objects.requireNonNull(customizer, "customizer"));
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
		takeQueued();
		int choices = this.runnable.size() + this.jobs.size();
		if (choices == 0) {
			return false;
		}
		int choice = this.random.nextInt(choices);
		if (choice < this.runnable.size()) {
			run(this.runnable.remove(choice));
		}
		else {
			this.jobs.remove(choice - this.runnable.size()).run();
		}
		return true;
	}

	private void takeQueued() {
		SchedulerProbe.Step queued;
		while ((queued = this.probe.takeQueued()) != null) {
			this.runnable.add(queued);
		}
	}

	private void run(SchedulerProbe.Step next) {
		if (next.run(1 + this.random.nextInt(MAX_BUDGET))) {
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
		this.probe.fireTimers();
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
		this.probe.fireTimers(); // learns of new ones
		takeQueued();
		if (!this.runnable.isEmpty()) {
			return true;
		}
		long next = this.probe.nextDeadlineNanos();
		if (next == Long.MAX_VALUE) {
			return false;
		}
		this.clock.advanceTo(next);
		this.probe.fireTimers();
		return true;
	}

	/**
	 * Aborts what has not ended.
	 */
	@Override
	public void close() {
		this.probe.abortAll();
		runUntilIdle();
	}

}
