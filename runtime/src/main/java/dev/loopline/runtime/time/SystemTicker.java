package dev.loopline.runtime.time;

/**
 * The {@link Ticker} that reads {@link System#nanoTime()}.
 */
enum SystemTicker implements Ticker {

	INSTANCE;

	@Override
	public long nanos() {
		return System.nanoTime();
	}

}
