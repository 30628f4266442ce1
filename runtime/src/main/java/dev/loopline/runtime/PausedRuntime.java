package dev.loopline.runtime;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.internal.thread.BlockingPool;
import dev.loopline.runtime.io.IoDriver;
import dev.loopline.runtime.time.Ticker;

/**
 * For tests: a runtime with all its threads whose clock stands still until it is moved,
 * by the test or, when nothing else is left to do, to the next timer. Safe for use by
 * many threads.
 */
public final class PausedRuntime implements AutoCloseable {

	/*-
	 * Idle
	 * ----
	 * 1. Every worker's thread waits in its driver, and has parked so many times.
	 * 2. Nobody has asked anything of a worker, no queue has work, no blocking job runs. Whoever wakes a
	 *    worker leaves such a mark before it does.
	 * 3. Every worker's thread still waits and has not parked anew.
	 * So there was a moment at which nothing ran and nothing was about to.
	 */

	private static final long LOOK_NANOS = 50_000;

	/** How long something outside the runtime may take to go on. */
	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final PausedClock clock = new PausedClock();

	private final TaskRuntime runtime;

	private PausedRuntime(Consumer<TaskRuntimeConfig.Builder> changes) {
		this.runtime = TaskRuntime.start(TaskRuntimeConfig.of((builder) -> {
			changes.accept(builder);
			builder.ticker(this.clock);
		}));
	}

	/**
	 * Starts a runtime.
	 * @param changes to the default configuration
	 * @return the running runtime
	 */
	public static PausedRuntime start(Consumer<TaskRuntimeConfig.Builder> changes) {
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
		wakeWorkers();
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
		long parks = parksOfWaiting();
		return parks >= 0 && isUndisturbed() && parks == parksOfWaiting();
	}

	private boolean isUndisturbed() {
		for (Worker worker : this.runtime.scheduler().workers()) {
			if (!worker.isUndisturbed()) {
				return false;
			}
		}
		BlockingPool pool = this.runtime.scheduler().blockingPool();
		return !this.runtime.scheduler().hasQueuedWork() && this.runtime.scheduler().slowLane().isIdle()
				&& pool.queueDepth() == 0
				&& pool.threads() - pool.idleThreads() == this.runtime.scheduler().workers().length;
	}

	/**
	 * Returns how often the workers have parked in all, or -1 if not all of them wait.
	 */
	private long parksOfWaiting() {
		long parks = 0;
		for (Worker worker : this.runtime.scheduler().workers()) {
			WorkerThread owner = worker.owner;
			Thread thread = (owner != null) ? owner.thread() : null;
			if (owner == null || !isWaiting(thread)) {
				return -1;
			}
			parks += owner.stats.parks;
		}
		return parks;
	}

	private static boolean isWaiting(@Nullable Thread thread) {
		return thread != null && thread.getState() == Thread.State.WAITING
				&& LockSupport.getBlocker(thread) instanceof IoDriver;
	}

	private boolean advanceToNextTimer() {
		long next = Long.MAX_VALUE;
		for (Worker worker : this.runtime.scheduler().workers()) {
			next = Math.min(next, worker.nextDeadlineNanos());
		}
		if (next == Long.MAX_VALUE) {
			return false;
		}
		this.clock.advanceTo(next);
		wakeWorkers();
		return true;
	}

	private void wakeWorkers() {
		for (Worker worker : this.runtime.scheduler().workers()) {
			worker.ringDoorbell();
		}
	}

	/**
	 * Ends the runtime.
	 */
	@Override
	public void close() {
		this.runtime.close();
	}

}
