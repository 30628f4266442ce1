package dev.loopline.layers;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A clock that a test moves on.
 */
final class FakeClock implements LongSupplier {

	private final AtomicLong nanos = new AtomicLong(-5); // any time will do

	@Override
	public long getAsLong() {
		return this.nanos.get();
	}

	void advance(Duration time) {
		this.nanos.addAndGet(time.toNanos());
	}

}
