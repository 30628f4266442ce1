package dev.loopline.runtime.internal.support;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Durations as the clock counts them.
 */
public final class Durations {

	/** Half of the clock's range, so that differences keep their sign. */
	public static final long FAR = Long.MAX_VALUE / 2;

	private Durations() {
	}

	/**
	 * Returns a duration that is a parameter, where too long means for ever and negative
	 * at once.
	 * @return from 0 to {@link #FAR}
	 */
	public static long nanos(Duration duration, String name) {
		Objects.requireNonNull(duration, name);
		return Math.max(0, Math.min(TimeUnit.NANOSECONDS.convert(duration), FAR)); // saturates
	}

}
