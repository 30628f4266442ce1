package dev.loopline.runtime.internal.thread;

import org.jspecify.annotations.Nullable;

/**
 * What is known of threads that could not be started, and when it may be tried again. Not
 * safe for use by many threads: its owner guards it.
 */
final class StartFailures {

	/** Between two warnings. */
	private static final long WARNING_NANOS = 60_000_000_000L;

	/** Why the last thread could not be started; null if it could. */
	private @Nullable Throwable last;

	/** When that was, or the try since then. */
	private long lastNanos;

	private long count;

	private boolean warned;

	private long lastWarning;

	/**
	 * Takes note of one.
	 * @return whether to warn
	 */
	boolean add(Throwable ex, long now) {
		this.last = ex;
		this.lastNanos = now;
		this.count++;
		boolean warn = !this.warned || now - this.lastWarning >= WARNING_NANOS;
		this.warned = true;
		this.lastWarning = warn ? now : this.lastWarning;
		return warn;
	}

	void succeeded() {
		this.last = null;
	}

	/**
	 * Returns whether it may be tried, which counts as a try.
	 */
	boolean mayTry(long now) {
		if (this.last != null) {
			if (now - this.lastNanos < BlockingPool.BACKOFF_NANOS) {
				return false;
			}
			this.lastNanos = now; // one try, not one per caller
		}
		return true;
	}

	@Nullable Throwable last() {
		return this.last;
	}

	long count() {
		return this.count;
	}

}
