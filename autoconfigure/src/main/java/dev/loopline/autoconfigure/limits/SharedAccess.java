package dev.loopline.autoconfigure.limits;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows whether the store answers that all rates share. Says once that it does not and
 * once that it does again; of one that only comes and goes no more than once a minute.
 * Safe for use by many threads.
 */
final class SharedAccess {

	private static final Logger logger = LoggerFactory.getLogger(SharedAccess.class);

	/**
	 * Between two attempts: soon enough for people, and seldom for a store in trouble.
	 */
	static final Duration PAUSE = Duration.ofSeconds(1);

	/** As long as it takes to read what the first warning says. */
	static final Duration QUIET = Duration.ofMinutes(1);

	private final LongSupplier clock;

	private final Duration timeout;

	private final AtomicBoolean lost = new AtomicBoolean();

	/** How often the store has answered again. */
	private final AtomicInteger recoveries = new AtomicInteger();

	private final AtomicLong nextAttempt = new AtomicLong();

	private final AtomicLong nextWarning;

	private final AtomicBoolean warned = new AtomicBoolean();

	/**
	 * Creates an access to a store that answers.
	 * @param clock says nanoseconds since any time
	 * @param timeout within which an answer is one
	 */
	SharedAccess(LongSupplier clock, Duration timeout) {
		this.clock = clock;
		this.timeout = timeout;
		this.nextWarning = new AtomicLong(clock.getAsLong());
	}

	/**
	 * Returns what a request has to do.
	 */
	Attempt next() {
		int recoveries = this.recoveries.get(); // before it can be lost once more
		long now = this.clock.getAsLong();
		if (!this.lost.get()) {
			return new Attempt(Turn.SHARED, recoveries, now);
		}
		long due = this.nextAttempt.get();
		boolean probe = now - due >= 0 && this.nextAttempt.compareAndSet(due, now + PAUSE.toNanos());
		return new Attempt(probe ? Turn.PROBE : Turn.LOCAL, recoveries, now);
	}

	/**
	 * The store has not answered in time, or with an error. That of an attempt that was
	 * made before it last answered again is old news.
	 * @param attempt of the request; that of a probe shows that the store stays away
	 */
	void failed(Attempt attempt, Throwable ex) {
		if (attempt.recoveries != this.recoveries.get()) {
			return;
		}
		long now = this.clock.getAsLong();
		this.nextAttempt.set(now + PAUSE.toNanos());
		boolean tell = this.lost.compareAndSet(false, true) && now - this.nextWarning.get() >= 0
				|| attempt.turn == Turn.PROBE;
		if (tell && this.warned.compareAndSet(false, true)) {
			this.nextWarning.set(now + QUIET.toNanos());
			logger.warn("Redis does not answer: of each shared rate this instance lets its own part pass. {}",
					ex.toString());
		}
	}

	/**
	 * A probe was answered. If that was late, requests would wait for nothing.
	 */
	void answered(Attempt probe) {
		Duration took = Duration.ofNanos(this.clock.getAsLong() - probe.startNanos);
		if (took.compareTo(this.timeout) > 0) {
			failed(probe, new TimeoutException("Something only after " + took));
			return;
		}
		if (this.lost.get()) {
			this.recoveries.incrementAndGet();
			if (this.lost.compareAndSet(true, false) && this.warned.getAndSet(false)) {
				logger.info("Redis answers again: rates are shared");
			}
		}
	}

	/**
	 * What a request has to do, and since when.
	 *
	 * @param recoveries how often the store had answered again by then
	 */
	record Attempt(Turn turn, int recoveries, long startNanos) {
	}

	/**
	 * What a request has to do.
	 */
	enum Turn {

		/** Ask the store. */
		SHARED,

		/** Decide here, and see whether the store answers again. */
		PROBE,

		/** Decide here. */
		LOCAL

	}

}
