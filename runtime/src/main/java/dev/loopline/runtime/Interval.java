package dev.loopline.runtime;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import dev.loopline.runtime.internal.support.Durations;

/**
 * Ticks with a fixed period. Safe for use by many threads, but only one may wait for a
 * tick.
 */
public final class Interval {

	/**
	 * How late a tick may be without being missed: the wheel's precision. As in Tokio.
	 */
	private static final long TOLERANCE_NANOS = Duration.ofMillis(5).toNanos();

	private final TaskRuntime runtime;

	private final long periodNanos;

	private final MissedTicks missedTicks;

	/** When the next tick is due. */
	@GuardedBy("this")
	private long deadline;

	@GuardedBy("this")
	private long ticks;

	@GuardedBy("this")
	private boolean waiting;

	Interval(TaskRuntime runtime, Duration period, MissedTicks missedTicks) {
		Objects.requireNonNull(period, "period");
		Objects.requireNonNull(missedTicks, "missedTicks");
		if (period.isNegative() || period.isZero()) {
			throw new IllegalArgumentException("period must be longer than zero, but was " + period);
		}
		this.runtime = runtime;
		this.periodNanos = Durations.nanos(period, "period");
		this.missedTicks = missedTicks;
		this.deadline = now();
	}

	/**
	 * Waits for the next tick; the first is at once.
	 * @return completed on a worker with the number of the tick, from 0
	 * @throws IllegalStateException if somebody waits for it already
	 */
	public synchronized CompletionStage<Long> tick() {
		if (this.waiting) {
			throw new IllegalStateException("Somebody waits for the next tick already");
		}
		JoinHandle<Void> sleep = this.runtime.timers().sleepUntil(this.deadline);
		this.waiting = true; // not if the runtime has ended
		return sleep.thenApply((slept) -> ticked());
	}

	/**
	 * Starts a period now: the next tick is at its end.
	 */
	public synchronized void reset() {
		this.deadline = now() + this.periodNanos;
	}

	private synchronized long ticked() {
		this.waiting = false;
		long now = now();
		long late = now - this.deadline;
		this.deadline = (late > TOLERANCE_NANOS) ? switch (this.missedTicks) {
			case BURST -> this.deadline + this.periodNanos;
			case DELAY -> now + this.periodNanos;
			case SKIP -> this.deadline + (late / this.periodNanos + 1) * this.periodNanos;
		} : this.deadline + this.periodNanos;
		return this.ticks++;
	}

	private long now() {
		return this.runtime.scheduler().ticker().nanos();
	}

}
