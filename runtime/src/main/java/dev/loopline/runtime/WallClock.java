package dev.loopline.runtime;

import java.time.Instant;

/**
 * The time of day beside a {@link Ticker}: that of the system beside the ticker of the
 * system, with all corrections of it; beside any other it moves as that one does, from
 * when this was made. Safe for use by many threads.
 */
final class WallClock {

	private final Ticker ticker;

	private final Instant origin = SystemTicker.INSTANCE.instant();

	private final long originNanos;

	WallClock(Ticker ticker) {
		this.ticker = ticker;
		this.originNanos = ticker.nanos();
	}

	/**
	 * Returns the time of day.
	 * @param now the reading of the ticker
	 */
	Instant instant(long now) {
		return (this.ticker == SystemTicker.INSTANCE) ? SystemTicker.INSTANCE.instant()
				: this.origin.plusNanos(now - this.originNanos);
	}

}
