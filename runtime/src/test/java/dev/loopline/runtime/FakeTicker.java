package dev.loopline.runtime;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import dev.loopline.runtime.time.Ticker;

/**
 * A {@link Ticker} that only moves when it is told to. Safe for use by many threads.
 */
public final class FakeTicker implements Ticker {

	/** Any reading but zero, which stands for "no poll is running". */
	private final AtomicLong nanos = new AtomicLong(1_000_000_000_000L);

	@Override
	public long nanos() {
		return this.nanos.get();
	}

	public void advance(Duration time) {
		this.nanos.addAndGet(time.toNanos());
	}

}
