package dev.loopline.autoconfigure.limits;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import dev.loopline.autoconfigure.limits.LimitSettings.Concurrency;
import dev.loopline.layers.ConcurrencyLimitLayer;
import dev.loopline.layers.RateLimiter;
import dev.loopline.layers.TimeoutLayer;

/**
 * A limit that all requests of its routes share, whatever connection they come by. Safe
 * for use by many threads.
 */
final class Limit {

	private final String name;

	private final UnaryOperator<String> keys;

	private final LimitSettings settings;

	private final List<String> routes;

	private final @Nullable TimeoutLayer<LimitedExchange, Void> timeout;

	private final @Nullable ConcurrencyLimitLayer<LimitedExchange, Void> concurrency;

	private final @Nullable RateLimiter rate;

	private final @Nullable SharedRate sharedRate;

	private final LongAdder accepted = new LongAdder();

	private final LongAdder refused = new LongAdder();

	private final LongAdder rateLimited = new LongAdder();

	private final LongAdder timedOut = new LongAdder();

	/**
	 * Creates a limit.
	 * @param name what meters call it
	 * @param keys what its settings are called, by what their properties are called
	 * @param routes methods and patterns
	 * @param sharing of rates by several instances
	 */
	Limit(String name, UnaryOperator<String> keys, LimitSettings settings, List<String> routes, SharedRates sharing) {
		this.name = name;
		this.keys = keys;
		this.settings = settings;
		this.routes = routes;
		this.timeout = (settings.timeout() != null) ? TimeoutLayer.<LimitedExchange, Void>of(settings.timeout())
			.on(LimitedExchange::timers)
			.unless(LimitedExchange::hasBegun) : null;
		this.concurrency = (settings.concurrency() != null) ? newLayer(settings.concurrency()) : null;
		LimitSettings.Rate rate = settings.rate();
		boolean shared = rate != null && rate.store() == RateStore.REDIS;
		this.sharedRate = (rate != null && shared) ? sharing.newRate(name, rate, key("rate.store")) : null;
		this.rate = (this.sharedRate != null) ? this.sharedRate.part() : (rate != null) ? rate.newLimiter() : null;
	}

	private static ConcurrencyLimitLayer<LimitedExchange, Void> newLayer(Concurrency concurrency) {
		return ConcurrencyLimitLayer.<LimitedExchange, Void>builder(concurrency.max())
			.queue(concurrency.queue(), concurrency.maxWait())
			.on(LimitedExchange::timers)
			.afterCancel(LimitedExchange::afterHandler)
			.build();
	}

	String name() {
		return this.name;
	}

	String key(String setting) {
		return this.keys.apply(setting);
	}

	LimitSettings settings() {
		return this.settings;
	}

	@Nullable TimeoutLayer<LimitedExchange, Void> timeout() {
		return this.timeout;
	}

	@Nullable ConcurrencyLimitLayer<LimitedExchange, Void> concurrency() {
		return this.concurrency;
	}

	/**
	 * Changes how many requests may be handled at a time.
	 * @param maxConcurrent how many; at least 1
	 * @return {@code false} if this does not limit that
	 */
	boolean resize(int maxConcurrent) {
		if (this.concurrency == null) {
			return false;
		}
		this.concurrency.resize(maxConcurrent);
		return true;
	}

	/**
	 * Returns the rate of this instance alone, or its part of one that several share.
	 */
	@Nullable RateLimiter rate() {
		return this.rate;
	}

	@Nullable SharedRate sharedRate() {
		return this.sharedRate;
	}

	/**
	 * Returns the count of an outcome.
	 */
	LongAdder count(LimitOutcome outcome) {
		return switch (outcome) {
			case ACCEPTED -> this.accepted;
			case REFUSED -> this.refused;
			case RATE_LIMITED -> this.rateLimited;
			case TIMED_OUT -> this.timedOut;
		};
	}

	LimitSnapshot snapshot() {
		Concurrency concurrency = this.settings.concurrency();
		LimitSettings.Rate rate = this.settings.rate();
		return new LimitSnapshot(this.name, this.routes, this.settings.timeout(),
				(this.concurrency != null) ? this.concurrency.maxConcurrent() : null,
				(concurrency != null) ? concurrency.queue() : null,
				(concurrency != null) ? concurrency.maxWait() : null, (rate != null) ? rate.toString() : null,
				this.settings.priority(), (this.concurrency != null) ? this.concurrency.inFlight() : 0,
				(this.concurrency != null) ? this.concurrency.queued() : 0, (this.rate != null) ? this.rate.keys() : 0,
				this.accepted.sum(), this.refused.sum(), this.rateLimited.sum(), this.timedOut.sum());
	}

	@Override
	public String toString() {
		return this.name;
	}

}
