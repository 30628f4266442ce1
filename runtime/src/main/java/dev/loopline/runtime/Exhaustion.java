package dev.loopline.runtime;

import java.time.Duration;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.loopline.runtime.internal.stall.StallReporter;
import dev.loopline.runtime.internal.thread.BlockingPool;

/**
 * Knows since when there is no thread left for stuck workers, and says so once a minute.
 * Written by the monitor, read by any thread.
 */
final class Exhaustion {

	private static final Logger logger = LoggerFactory.getLogger(Exhaustion.class);

	private static final long WARNING_NANOS = 60_000_000_000L;

	private final int maxThreads;

	private final BlockingPool pool;

	private final StallReporter reporter;

	private volatile boolean exhausted;

	/** Published by the flag. */
	private long since;

	private boolean warned;

	private long lastWarning;

	Exhaustion(int maxThreads, BlockingPool pool, StallReporter reporter) {
		this.maxThreads = maxThreads;
		this.pool = pool;
		this.reporter = reporter;
	}

	/**
	 * Records whether somebody was refused a thread in the last look.
	 */
	void update(boolean exhausted, long now) {
		if (exhausted && !this.exhausted) {
			this.since = now;
		}
		this.exhausted = exhausted;
		if (exhausted && (!this.warned || now - this.lastWarning >= WARNING_NANOS)) {
			this.warned = true;
			this.lastWarning = now;
			Throwable failure = this.pool.failure();
			this.reporter.log((failure != null) ? () -> warnOfFailure(failure) : this::warnOfBusyThreads);
		}
	}

	private void warnOfBusyThreads() {
		logger.warn(
				"All {} blocking threads are busy, with the reserve: handlers that block and are not known to now hold "
						+ "up other connections, until a thread is free. {}",
				this.maxThreads, this.reporter.advice().exhaustion());
	}

	private void warnOfFailure(Throwable failure) {
		logger.warn(
				"No more threads can be started, of {} blocking threads that may be: handlers that block now hold "
						+ "up other connections, until a thread is free. Raise what the system or the container allows",
				this.maxThreads, failure);
	}

	/**
	 * Returns how long this has gone on, zero if there are threads.
	 */
	Duration duration(long now) {
		return this.exhausted ? Duration.ofNanos(Math.max(1, now - this.since)) : Duration.ZERO;
	}

}
