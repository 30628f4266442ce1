package dev.loopline.runtime.time;

/**
 * A source of nanosecond readings; only differences between two readings have a meaning.
 * Safe for use by many threads.
 */
@FunctionalInterface
public interface Ticker {

	/**
	 * Returns the current reading.
	 * @return nanoseconds since an arbitrary origin
	 */
	long nanos();

	/**
	 * Returns whether this ticker moves only when it is told to: then nobody sleeps until
	 * a point in time.
	 * @return whether somebody else wakes the sleepers
	 */
	default boolean isPaused() {
		return false;
	}

	/**
	 * Returns the ticker of the system: {@link System#nanoTime()}.
	 * @return the system ticker
	 */
	static Ticker system() {
		return SystemTicker.INSTANCE;
	}

}
