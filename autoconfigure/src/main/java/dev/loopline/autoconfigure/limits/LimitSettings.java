package dev.loopline.autoconfigure.limits;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import dev.loopline.layers.RateLimiter;

/**
 * What a limit sets, be it by properties or by an annotation. What it does not set is
 * {@code null}.
 *
 * @param timeout the longest time until the answer begins
 * @param concurrency how many requests at a time
 * @param rate how many requests in a time
 * @param priority how much they matter
 */
record LimitSettings(@Nullable Duration timeout, @Nullable Concurrency concurrency, @Nullable Rate rate,
		@Nullable Priority priority) {

	/** What somebody waits for whose browser shows nothing yet. */
	private static final Duration MAX_WAIT = Duration.ofSeconds(1);

	private static final Duration PERIOD = Duration.ofSeconds(1);

	/**
	 * Keys that have a bucket of their own, of some 200 bytes.
	 */
	private static final int MAX_KEYS = 50_000;

	/**
	 * Checks what properties say.
	 * @param keys what the settings are called, by what their properties are called
	 * @throws InvalidLimitException if it makes no sense
	 */
	static LimitSettings of(LimitsProperties.Limit limit, UnaryOperator<String> keys) {
		requirePositive(limit.getTimeout(), keys.apply("timeout"));
		LimitSettings settings = new LimitSettings(limit.getTimeout(), Concurrency.of(limit, keys),
				Rate.of(limit.getRate(), keys), limit.getPriority());
		if (settings.values().isEmpty()) {
			throw new InvalidLimitException("'%s' sets no limit".formatted(keys.apply("")),
					"Set at least one of timeout, max-concurrent, rate.permits and priority, or remove it.");
		}
		return settings;
	}

	/**
	 * Returns what is set, by what its property is called.
	 */
	Map<String, Object> values() {
		Map<String, Object> values = new LinkedHashMap<>();
		if (this.timeout != null) {
			values.put("timeout", this.timeout);
		}
		if (this.concurrency != null) {
			values.put("max-concurrent", this.concurrency);
		}
		if (this.rate != null) {
			values.put("rate", this.rate);
		}
		if (this.priority != null) {
			values.put("priority", this.priority);
		}
		return values;
	}

	static void requirePositive(@Nullable Duration value, String key) {
		if (value != null && (value.isNegative() || value.isZero())) {
			throw InvalidLimitException.of(key, value, "is not positive",
					"Set a time such as 500ms, or remove it for none.");
		}
	}

	static void requireAtLeast(int least, @Nullable Integer value, String key) {
		if (value != null && value < least) {
			throw InvalidLimitException.of(key, value, "is less than " + least,
					"Set %d or more, or remove it.".formatted(least));
		}
	}

	/**
	 * How many requests at a time.
	 */
	record Concurrency(int max, int queue, Duration maxWait) {

		private static @Nullable Concurrency of(LimitsProperties.Limit limit, UnaryOperator<String> keys) {
			Integer max = limit.getMaxConcurrent();
			Integer queue = limit.getMaxQueue();
			Duration wait = limit.getMaxWait();
			requireAtLeast(1, max, keys.apply("max-concurrent"));
			requireAtLeast(0, queue, keys.apply("max-queue"));
			requirePositive(wait, keys.apply("max-wait"));
			if (queue != null && max == null) {
				throw InvalidLimitException.of(keys.apply("max-queue"), queue, "does nothing without a maximum",
						"Set '%s', too, or remove it.".formatted(keys.apply("max-concurrent")));
			}
			if (wait != null && (queue == null || queue == 0)) {
				throw InvalidLimitException.of(keys.apply("max-wait"), wait, "does nothing, as no request may wait",
						"Set '%s' to how many may, or remove it.".formatted(keys.apply("max-queue")));
			}
			return (max != null) ? new Concurrency(max, (queue != null) ? queue : 0, (wait != null) ? wait : MAX_WAIT)
					: null;
		}

		@Override
		public String toString() {
			return "%d, and %d that wait for %s".formatted(this.max, this.queue, this.maxWait);
		}

	}

	/**
	 * How many requests in a time.
	 */
	record Rate(int permits, Duration period, int burst, RateKey key, @Nullable String header, boolean headers,
			RateStore store) {

		private static @Nullable Rate of(LimitsProperties.Rate rate, UnaryOperator<String> keys) {
			Integer permits = rate.getPermits();
			requireAtLeast(1, permits, keys.apply("rate.permits"));
			requirePositive(rate.getPeriod(), keys.apply("rate.period"));
			requireAtLeast(1, rate.getBurst(), keys.apply("rate.burst"));
			if (permits == null) {
				requireNone(rate.getPeriod(), "rate.period", keys);
				requireNone(rate.getBurst(), "rate.burst", keys);
				requireNone(rate.getKey(), "rate.key", keys);
				requireNone(rate.getHeader(), "rate.header", keys);
				requireNone(rate.getHeaders(), "rate.headers", keys);
				requireNone(rate.getStore(), "rate.store", keys);
				return null;
			}
			RateKey key = (rate.getKey() != null) ? rate.getKey() : RateKey.EVERYBODY;
			requireHeader(key, rate.getHeader(), keys);
			Rate valid = new Rate(permits, (rate.getPeriod() != null) ? rate.getPeriod() : PERIOD,
					(rate.getBurst() != null) ? rate.getBurst() : permits, key, rate.getHeader(),
					Boolean.TRUE.equals(rate.getHeaders()),
					(rate.getStore() != null) ? rate.getStore() : RateStore.LOCAL);
			try {
				valid.newLimiter();
			}
			catch (IllegalArgumentException ex) {
				throw InvalidLimitException.of(keys.apply("rate.period"), valid.period,
						"is too long: " + ex.getMessage(),
						"Set a smaller burst, or a shorter period with fewer permits.");
			}
			return valid;
		}

		private static void requireNone(@Nullable Object value, String setting, UnaryOperator<String> keys) {
			if (value != null) {
				throw InvalidLimitException.of(keys.apply(setting), value, "does nothing without a number of requests",
						"Set '%s', too, or remove it.".formatted(keys.apply("rate.permits")));
			}
		}

		private static void requireHeader(RateKey key, @Nullable String header, UnaryOperator<String> keys) {
			boolean named = header != null && !header.isBlank();
			if (header != null && named) {
				DeadlineHeaders.requireName(keys.apply("rate.header"), header);
			}
			if (key == RateKey.HEADER && !named) {
				throw InvalidLimitException.of(keys.apply("rate.key"), "header", "does not say which header",
						"Set '%s' to its name.".formatted(keys.apply("rate.header")));
			}
			if (key != RateKey.HEADER && header != null) {
				throw InvalidLimitException.of(keys.apply("rate.header"), header,
						"is not used, as requests are not counted by a header",
						"Set '%s' to header, or remove it.".formatted(keys.apply("rate.key")));
			}
		}

		RateLimiter newLimiter() {
			return new RateLimiter(this.permits, this.period, this.burst, MAX_KEYS, System::nanoTime);
		}

		/**
		 * Makes what one of several instances lets pass.
		 * @throws IllegalArgumentException if that is too slow to count
		 */
		RateLimiter newPart(int replicas) {
			return new RateLimiter(this.permits, this.period.multipliedBy(replicas), Math.max(1, this.burst / replicas),
					MAX_KEYS, System::nanoTime);
		}

		@Override
		public String toString() {
			return "%d in %s at once %d by %s%s".formatted(this.permits, this.period, this.burst,
					(this.header != null) ? this.header : this.key,
					(this.store == RateStore.REDIS) ? " of all instances" : "");
		}

	}

}
