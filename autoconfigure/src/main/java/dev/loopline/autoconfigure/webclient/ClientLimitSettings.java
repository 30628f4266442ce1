package dev.loopline.autoconfigure.webclient;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;

import dev.loopline.autoconfigure.limits.InvalidLimitException;

/**
 * What a limit of requests sets. What it does not set is {@code null}.
 *
 * @param timeout the longest time in all
 * @param attemptTimeout the longest time of an attempt
 * @param throttle whether requests are refused while their server refuses too many
 * @param instances hosts and ports of which one is chosen, or none
 * @param discovery knows servers of which one is chosen
 * @param retry how requests are sent again
 * @param hedge when requests are sent a second time
 * @param concurrency how many requests at a time
 */
record ClientLimitSettings(@Nullable Duration timeout, @Nullable Duration attemptTimeout, boolean throttle,
		List<String> instances, @Nullable ServiceDiscovery discovery, @Nullable Retry retry, @Nullable Hedge hedge,
		@Nullable Concurrency concurrency) {

	/**
	 * Checks what properties say.
	 * @param prefix of the names of the properties
	 * @param discovery knows servers of services, if there is any
	 * @throws InvalidLimitException if it makes no sense
	 */
	static ClientLimitSettings of(ClientLimitsProperties.Limit limit, String prefix,
			@Nullable ServiceDiscovery discovery) {
		requirePositive(limit.getTimeout(), prefix + ".timeout");
		requirePositive(limit.getAttemptTimeout(), prefix + ".attempt-timeout");
		if (limit.getTimeout() != null && limit.getAttemptTimeout() != null
				&& limit.getAttemptTimeout().compareTo(limit.getTimeout()) >= 0) {
			throw InvalidLimitException.of(prefix + ".attempt-timeout", limit.getAttemptTimeout(),
					"does nothing, as all attempts together have no longer than '%s.timeout'".formatted(prefix),
					"Set it to less, or remove it.");
		}
		limit.getInstances().forEach((instance) -> requireAuthority(instance, prefix + ".instances"));
		ClientLimitSettings settings = new ClientLimitSettings(limit.getTimeout(), limit.getAttemptTimeout(),
				Boolean.TRUE.equals(limit.getThrottle()), List.copyOf(limit.getInstances()),
				discovery(limit, prefix, discovery), Retry.of(limit.getRetry(), prefix + ".retry"),
				Hedge.of(limit.getHedge(), prefix + ".hedge"),
				Concurrency.of(limit.getConcurrency(), prefix + ".concurrency"));
		if (settings.equals(new ClientLimitSettings(null, null, false, List.of(), null, null, null, null))) {
			throw new InvalidLimitException("'%s' sets no limit".formatted(prefix),
					"Set at least one of timeout, attempt-timeout, retry.max-attempts, hedge.percentile, "
							+ "concurrency.max, throttle, instances and discovery, or remove it.");
		}
		return settings;
	}

	private static @Nullable ServiceDiscovery discovery(ClientLimitsProperties.Limit limit, String prefix,
			@Nullable ServiceDiscovery discovery) {
		if (!Boolean.TRUE.equals(limit.getDiscovery())) {
			return null;
		}
		if (!limit.getInstances().isEmpty()) {
			throw InvalidLimitException.of(prefix + ".discovery", true,
					"contradicts '%s.instances', which says what they are".formatted(prefix), "Remove one of them.");
		}
		if (discovery == null) {
			throw InvalidLimitException.of(prefix + ".discovery", true, "needs Spring Cloud LoadBalancer",
					"Add spring-cloud-starter-loadbalancer, or set '%s.instances' instead.".formatted(prefix));
		}
		return discovery;
	}

	private static void requireAuthority(String instance, String key) {
		HostPattern pattern = HostPattern.parse(key, instance);
		if (pattern.suffix() || pattern.port() < 1 || pattern.port() > 65_535) {
			throw InvalidLimitException.of(key, instance, "is not a host and a port",
					"Write each as inventory-1:8080.");
		}
	}

	private static void requirePositive(@Nullable Duration value, String key) {
		if (value != null && (value.isNegative() || value.isZero())) {
			throw InvalidLimitException.of(key, value, "is not positive",
					"Set a time such as 500ms, or remove it for none.");
		}
	}

	private static void require(boolean valid, String key, @Nullable Object value, String range) {
		if (!valid) {
			throw InvalidLimitException.of(key, String.valueOf(value), "is not " + range,
					"Set it to what is, or remove it.");
		}
	}

	private static void requireNone(String missing, String key, @Nullable Object value) {
		if (value != null && !List.of().equals(value)) {
			throw InvalidLimitException.of(key, value, "does nothing without '%s'".formatted(missing),
					"Set that, too, or remove it.");
		}
	}

	private static <T> T or(@Nullable T value, T other) {
		return (value != null) ? value : other;
	}

	/**
	 * How requests are sent again.
	 */
	record Retry(int maxAttempts, double budget, int minPerSecond, Duration backoff, Duration maxBackoff,
			Set<HttpMethod> methods, Set<Integer> statuses) {

		/** Those that are idempotent (RFC 9110, section 9.2.2). */
		static final Set<HttpMethod> IDEMPOTENT = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS,
				HttpMethod.TRACE, HttpMethod.PUT, HttpMethod.DELETE);

		private static @Nullable Retry of(ClientLimitsProperties.Retry retry, String prefix) {
			Integer attempts = retry.getMaxAttempts();
			if (attempts == null) {
				String missing = prefix + ".max-attempts";
				requireNone(missing, prefix + ".budget", retry.getBudget());
				requireNone(missing, prefix + ".min-per-second", retry.getMinPerSecond());
				requireNone(missing, prefix + ".backoff", retry.getBackoff());
				requireNone(missing, prefix + ".max-backoff", retry.getMaxBackoff());
				requireNone(missing, prefix + ".methods", retry.getMethods());
				requireNone(missing, prefix + ".statuses", retry.getStatuses());
				return null;
			}
			require(attempts >= 2 && attempts <= 10, prefix + ".max-attempts", attempts, "from 2 to 10");
			double budget = or(retry.getBudget(), 0.2);
			require(budget >= 0 && budget <= 10, prefix + ".budget", budget, "from 0 to 10");
			int least = or(retry.getMinPerSecond(), 10);
			require(least >= 0 && least <= 10_000, prefix + ".min-per-second", least, "from 0 to 10000");
			Duration backoff = or(retry.getBackoff(), Duration.ofMillis(50));
			requirePositive(backoff, prefix + ".backoff");
			Duration longest = or(retry.getMaxBackoff(), max(backoff, Duration.ofSeconds(1)));
			require(longest.compareTo(backoff) >= 0, prefix + ".max-backoff", longest,
					"at least '%s.backoff'".formatted(prefix));
			retry.getStatuses()
				.forEach((status) -> require(status >= 400 && status <= 599, prefix + ".statuses", status,
						"a status of a failure, from 400 to 599"));
			Set<HttpMethod> methods = retry.getMethods()
				.stream()
				.map((name) -> method(name, prefix + ".methods"))
				.collect(Collectors.toUnmodifiableSet());
			return new Retry(attempts, budget, least, backoff, longest, methods.isEmpty() ? IDEMPOTENT : methods,
					retry.getStatuses().isEmpty() ? Set.of(502, 503, 504) : Set.copyOf(retry.getStatuses()));
		}

		private static Duration max(Duration one, Duration other) {
			return (one.compareTo(other) >= 0) ? one : other;
		}

		private static HttpMethod method(String name, String key) {
			HttpMethod method = HttpMethod.valueOf(name.toUpperCase(Locale.ROOT));
			require(List.of(HttpMethod.values()).contains(method), key, name, "a method of HTTP");
			return method;
		}

	}

	/**
	 * When requests are sent a second time.
	 */
	record Hedge(double percentile, int minDataPoints, Duration period, double budget) {

		private static @Nullable Hedge of(ClientLimitsProperties.Hedge hedge, String prefix) {
			Double percentile = hedge.getPercentile();
			if (percentile == null) {
				String missing = prefix + ".percentile";
				requireNone(missing, prefix + ".min-data-points", hedge.getMinDataPoints());
				requireNone(missing, prefix + ".period", hedge.getPeriod());
				requireNone(missing, prefix + ".budget", hedge.getBudget());
				return null;
			}
			require(percentile > 0 && percentile < 100, prefix + ".percentile", percentile, "between 0 and 100");
			int least = or(hedge.getMinDataPoints(), 100);
			require(least >= 1, prefix + ".min-data-points", least, "at least 1");
			Duration period = or(hedge.getPeriod(), Duration.ofSeconds(10));
			requirePositive(period, prefix + ".period");
			double budget = or(hedge.getBudget(), 0.1);
			require(budget > 0 && budget <= 1, prefix + ".budget", budget, "above 0 and at most 1");
			return new Hedge(percentile, least, period, budget);
		}

	}

	/**
	 * How many requests a host has at a time.
	 */
	record Concurrency(int min, int initial, int max) {

		/** What Netflix begins with. */
		private static final int INITIAL = 20;

		private static @Nullable Concurrency of(ClientLimitsProperties.Concurrency concurrency, String prefix) {
			Integer max = concurrency.getMax();
			if (max == null) {
				requireNone(prefix + ".max", prefix + ".initial", concurrency.getInitial());
				requireNone(prefix + ".max", prefix + ".min", concurrency.getMin());
				return null;
			}
			require(max >= 1, prefix + ".max", max, "at least 1");
			int initial = or(concurrency.getInitial(), Math.max(Math.min(INITIAL, max), or(concurrency.getMin(), 1)));
			require(initial >= 1 && initial <= max, prefix + ".initial", initial,
					"from 1 to '%s.max', which is %d".formatted(prefix, max));
			int min = or(concurrency.getMin(), initial);
			require(min >= 1 && min <= initial, prefix + ".min", min,
					"from 1 to '%s.initial', which is %d".formatted(prefix, initial));
			return new Concurrency(min, initial, max);
		}

	}

}
