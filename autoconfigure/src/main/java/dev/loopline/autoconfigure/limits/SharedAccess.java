package dev.loopline.autoconfigure.limits;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
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

	private final AtomicBoolean lost = new AtomicBoolean();

	private final AtomicLong nextAttempt = new AtomicLong();

	private final AtomicLong nextWarning;

	private final AtomicBoolean warned = new AtomicBoolean();

	/**
	 * Creates an access to a store that answers.
	 * @param clock says nanoseconds since any time
	 */
	SharedAccess(LongSupplier clock) {
		this.clock = clock;
		this.nextWarning = new AtomicLong(clock.getAsLong());
	}

	/**
	 * Returns what a request has to do.
	 */
	Turn next() {
		if (!this.lost.get()) {
			return Turn.SHARED;
		}
		long due = this.nextAttempt.get();
		long now = this.clock.getAsLong();
		return (now - due >= 0 && this.nextAttempt.compareAndSet(due, now + PAUSE.toNanos())) ? Turn.PROBE : Turn.LOCAL;
	}

	/**
	 * The store has not answered in time, or with an error.
	 * @param turn of the request; that of a probe shows that the store stays away
	 */
	void failed(Turn turn, Throwable ex) {
		long now = this.clock.getAsLong();
		this.nextAttempt.set(now + PAUSE.toNanos());
		boolean tell = this.lost.compareAndSet(false, true) && now - this.nextWarning.get() >= 0 || turn == Turn.PROBE;
		if (tell && this.warned.compareAndSet(false, true)) {
			this.nextWarning.set(now + QUIET.toNanos());
			logger.warn("Redis does not answer: of each shared rate this instance lets its own part pass. {}",
					ex.toString());
		}
	}

	/**
	 * A probe was answered. An answer that was only late says nothing.
	 */
	void recovered() {
		if (this.lost.compareAndSet(true, false) && this.warned.getAndSet(false)) {
			logger.info("Redis answers again: rates are shared");
		}
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
