package dev.loopline.test;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import dev.loopline.runtime.SchedulerProbe;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;
import dev.loopline.runtime.TaskRuntimeConfigBuilder;
import dev.loopline.runtime.time.Ticker;

/**
 * A runtime with all its threads whose clock stands still until it is moved, by the test
 * or, when nothing else is left to do, to the next timer. Safe for use by many threads.
 */
public final class PausedRuntime implements AutoCloseable {

	private static final long LOOK_NANOS = 50_000;

	/** How long something outside the runtime may take to go on. */
	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final PausedClock clock = new PausedClock();

	private final TaskRuntime runtime;

	private final SchedulerProbe probe;

	private PausedRuntime(Consumer<TaskRuntimeConfigBuilder> changes) {
		this.runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> {
			changes.accept(builder);
			builder.ticker(this.clock);
		}));
		this.probe = SchedulerProbe.of(this.runtime);
	}

	/**
	 * Starts a runtime.
	 * @param changes to the default configuration
	 * @return the running runtime
	 */
	public static PausedRuntime start(Consumer<TaskRuntimeConfigBuilder> changes) {
		Objects.requireNonNull(changes, "changes");
		return new PausedRuntime(changes);
	}

	/**
	 * Returns the runtime.
	 * @return the runtime
	 */
	public TaskRuntime runtime() {
		return this.runtime;
	}

	/**
	 * Moves the clock on. What is due then runs, after a while.
	 * @param time how far, not negative
	 */
	public void advance(Duration time) {
		this.clock.advance(time);
		this.probe.wakeWorkers();
	}

	/**
	 * Waits for a stage. Whenever nothing else is left to do the clock moves to the next
	 * timer.
	 * @param <T> the type of the result
	 * @param stage what to wait for
	 * @return the result
	 * @throws AssertionError if nothing runs and nothing ever will
	 */
	public <T> T await(CompletionStage<T> stage) {
		CompletableFuture<T> result = stage.toCompletableFuture();
		long stuckSince = 0;
		while (!result.isDone()) {
			boolean moved = isIdle() && advanceToNextTimer();
			long now = Ticker.system().nanos();
			if (moved || !isIdle()) {
				stuckSince = 0;
			}
			else if (stuckSince == 0) {
				stuckSince = now;
			}
			else if (now - stuckSince > PATIENCE.toNanos()) {
				throw new AssertionError("Nothing runs, no timer is armed, and there is no result: " + stage);
			}
			LockSupport.parkNanos(LOOK_NANOS);
		}
		return result.join();
	}

	/**
	 * Returns whether nothing runs, nothing is queued and nothing is due.
	 * @return whether only the clock, or somebody outside, can make a difference
	 */
	public boolean isIdle() {
		return this.probe.isIdle();
	}

	private boolean advanceToNextTimer() {
		long next = this.probe.nextDeadlineNanos();
		if (next == Long.MAX_VALUE) {
			return false;
		}
		this.clock.advanceTo(next);
		this.probe.wakeWorkers();
		return true;
	}

	/**
	 * Ends the runtime.
	 */
	@Override
	public void close() {
		this.runtime.close();
	}

}
