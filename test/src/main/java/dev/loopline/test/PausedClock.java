package dev.loopline.test;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import dev.loopline.runtime.time.Ticker;

/**
 * A {@link Ticker} that moves only when it is told to. Safe for use by many threads.
 */
final class PausedClock implements Ticker {

	/** Half of the clock's range, so that differences keep their sign. */
	private static final long FAR = Long.MAX_VALUE / 2;

	/** Any reading but zero, which stands for "no poll is running". */
	private final AtomicLong nanos = new AtomicLong(1_000_000_000_000L);

	@Override
	public long nanos() {
		return this.nanos.get();
	}

	@Override
	public boolean isPaused() {
		return true;
	}

	/**
	 * Moves on, at most to where timers can still be armed.
	 */
	void advance(Duration time) {
		Objects.requireNonNull(time, "time");
		if (time.isNegative()) {
			throw new IllegalArgumentException("time must not be negative, but was " + time);
		}
		long nanos = TimeUnit.NANOSECONDS.convert(time); // saturates
		this.nanos.updateAndGet((now) -> now + Math.min(nanos, FAR - now));
	}

	/**
	 * Moves on to a point in time, never back.
	 */
	void advanceTo(long nanos) {
		this.nanos.accumulateAndGet(nanos, Math::max);
	}

}
