package dev.loopline.runtime;

import java.util.concurrent.atomic.AtomicBoolean;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.loopline.runtime.internal.support.Failures;
import dev.loopline.runtime.time.Ticker;

/**
 * A clock that was handed in, kept from failing those who look at it in the middle of
 * something: for them it stands still. Safe for use by many threads.
 */
final class GuardedTicker implements Ticker {

	private static final Logger logger = LoggerFactory.getLogger(GuardedTicker.class);

	private final Ticker delegate;

	private final AtomicBoolean failed = new AtomicBoolean();

	/** Plain: any late reading will do. */
	private long last;

	private GuardedTicker(Ticker delegate) {
		this.delegate = delegate;
	}

	static Ticker of(Ticker ticker) {
		boolean safe = ticker == Ticker.system() || ticker instanceof GuardedTicker;
		return safe ? ticker : new GuardedTicker(ticker);
	}

	@Override
	public long nanos() {
		try {
			long now = this.delegate.nanos();
			this.last = now;
			return now;
		}
		catch (Throwable ex) {
			failed(ex);
			return this.last;
		}
	}

	@Override
	public boolean isPaused() {
		try {
			return this.delegate.isPaused();
		}
		catch (Throwable ex) {
			failed(ex);
			return false;
		}
	}

	private void failed(Throwable ex) {
		if (this.failed.compareAndSet(false, true)) {
			Failures.error(logger, ex, "The clock {} failed and stands still meanwhile", this.delegate);
		}
	}

}
