package dev.loopline.runtime.time;

import java.time.Instant;

/**
 * The {@link Ticker} that reads {@link System#nanoTime()}.
 */
enum SystemTicker implements Ticker {

	INSTANCE;

	@Override
	public long nanos() {
		return System.nanoTime();
	}

	/**
	 * Returns the time of day.
	 */
	Instant instant() {
		return Instant.now();
	}

}
