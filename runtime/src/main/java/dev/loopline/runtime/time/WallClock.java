package dev.loopline.runtime.time;

import java.time.Instant;

/**
 * The time of day beside a {@link Ticker}: that of the system beside the ticker of the
 * system, with all corrections of it; beside any other it moves as that one does, from
 * when this was made. Safe for use by many threads.
 */
public final class WallClock {

	private final Ticker ticker;

	private final Instant origin = SystemTicker.INSTANCE.instant();

	private final long originNanos;

	/**
	 * Creates a clock.
	 * @param ticker the ticker that it goes with
	 */
	public WallClock(Ticker ticker) {
		this.ticker = ticker;
		this.originNanos = ticker.nanos();
	}

	/**
	 * Returns the time of day.
	 * @param now the reading of the ticker
	 * @return the time of day at that reading
	 */
	public Instant instant(long now) {
		return (this.ticker == SystemTicker.INSTANCE) ? SystemTicker.INSTANCE.instant()
				: this.origin.plusNanos(now - this.originNanos);
	}

}
