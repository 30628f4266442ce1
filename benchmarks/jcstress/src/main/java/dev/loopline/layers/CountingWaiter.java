package dev.loopline.layers;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts how often it was granted a permit.
 */
final class CountingWaiter extends ConcurrencyLimiter.Waiter {

	private final AtomicInteger grants = new AtomicInteger();

	@Override
	void granted() {
		this.grants.incrementAndGet();
	}

	int grants() {
		return this.grants.get();
	}

}
