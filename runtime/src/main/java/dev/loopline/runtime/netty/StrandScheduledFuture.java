package dev.loopline.runtime.netty;

import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;

import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.StrandTimer;
import dev.loopline.runtime.time.Ticker;

/**
 * A task of a loop that runs once after a delay or again and again. Safe for use by many
 * threads.
 *
 * @param <V> the type of the result
 */
final class StrandScheduledFuture<V> extends DefaultPromise<V> implements ScheduledFuture<V>, Runnable {

	/**
	 * Not further than half of the clock's range, so that differences keep their sign.
	 */
	private static final long FAR = Long.MAX_VALUE / 2;

	private final StrandEventLoop loop;

	private final Callable<V> task;

	/** Zero: once. Positive: from start to start. Negative: from end to start. */
	private final long periodNanos;

	private volatile long deadlineNanos;

	private volatile @Nullable StrandTimer timer;

	StrandScheduledFuture(StrandEventLoop loop, Callable<V> task, long delayNanos, long periodNanos) {
		super(loop);
		this.loop = loop;
		this.task = Objects.requireNonNull(task, "task");
		this.periodNanos = Math.max(-FAR, Math.min(periodNanos, FAR));
		this.deadlineNanos = deadlineAfter(delayNanos);
	}

	static long checkPeriod(long period) {
		if (period <= 0) {
			throw new IllegalArgumentException("period must be positive, but was " + period);
		}
		return period;
	}

	StrandScheduledFuture<V> arm() {
		this.timer = this.loop.strand().scheduleAt(this, this.deadlineNanos);
		return this;
	}

	@Override
	public void run() {
		try {
			if (this.periodNanos == 0) {
				if (setUncancellable()) {
					setSuccess(this.task.call());
				}
			}
			else if (!isDone()) {
				this.task.call();
				rearm();
			}
		}
		catch (Throwable ex) {
			tryFailure(ex);
		}
	}

	private void rearm() {
		if (isDone() || this.loop.isShuttingDown()) {
			return;
		}
		this.deadlineNanos = (this.periodNanos > 0) ? this.deadlineNanos + this.periodNanos
				: deadlineAfter(-this.periodNanos);
		arm();
		if (isCancelled()) {
			// Cancelled by another thread, which may have seen the timer before this one.
			cancelTimer();
		}
	}

	@Override
	public boolean cancel(boolean mayInterruptIfRunning) {
		boolean cancelled = super.cancel(mayInterruptIfRunning);
		if (cancelled) {
			cancelTimer();
		}
		return cancelled;
	}

	private void cancelTimer() {
		StrandTimer timer = this.timer;
		if (timer != null) {
			timer.cancel();
		}
	}

	@Override
	public long getDelay(TimeUnit unit) {
		return unit.convert(Math.max(0, this.deadlineNanos - now()), TimeUnit.NANOSECONDS);
	}

	@Override
	public int compareTo(Delayed other) {
		return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
	}

	private long deadlineAfter(long delayNanos) {
		return now() + Math.min(Math.max(0, delayNanos), FAR);
	}

	private long now() {
		return ticker().nanos();
	}

	private Ticker ticker() {
		return this.loop.strand().runtime().config().ticker();
	}

}
