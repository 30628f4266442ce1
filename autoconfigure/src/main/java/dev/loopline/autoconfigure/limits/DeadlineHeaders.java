package dev.loopline.autoconfigure.limits;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.function.Function;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * Reads from a request's headers for how long somebody waits for its answer: a time from
 * now, so no two clocks need to agree. What is not one is ignored, as a request is not
 * worth less for it. Immutable.
 */
public final class DeadlineHeaders {

	/** As gRPC's protocol over HTTP/2 has it: up to eight digits and a unit. */
	public static final String GRPC = "grpc-timeout";

	/** What Envoy says to whom it passes a request on, in milliseconds. */
	public static final String ENVOY = "x-envoy-expected-rq-timeout-ms";

	private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

	/** Of milliseconds: some three centuries. */
	private static final int MOST_DIGITS = 13;

	private static final long MOST_GRPC = 99_999_999;

	private final @Nullable String own;

	private DeadlineHeaders(@Nullable String own) {
		this.own = own;
	}

	/**
	 * Returns what reads the two headers and another one.
	 * @param key the property that names the other one
	 * @param own its name, or nothing
	 * @throws InvalidLimitException if that cannot be the name of a header
	 */
	static DeadlineHeaders of(String key, String own) {
		if (own.isEmpty()) {
			return new DeadlineHeaders(null);
		}
		requireName(key, own);
		return new DeadlineHeaders(own);
	}

	/**
	 * Makes sure that a header can have a name.
	 * @param key the property that has it
	 * @param name the name
	 * @throws InvalidLimitException if it cannot
	 */
	public static void requireName(String key, String name) {
		if (!TOKEN.matcher(name).matches()) {
			throw InvalidLimitException.of(key, name, "is not the name of a header",
					"Use letters, digits and hyphens, such as X-Request-Timeout-Ms, or remove it.");
		}
	}

	/**
	 * Writes a time.
	 * @param header the header for it
	 * @param time the time; less than a millisecond is one, as it has not passed
	 * @return its value
	 */
	public static String format(String header, Duration time) {
		long millis = Math.max(1, time.toMillis());
		if (!header.equalsIgnoreCase(GRPC)) {
			return Long.toString(millis);
		}
		return (millis <= MOST_GRPC) ? millis + "m" : Math.min(MOST_GRPC, millis / 1_000) + "S";
	}

	/**
	 * Returns the shortest of the times that the headers have.
	 */
	@Nullable Duration find(HttpHeaders headers) {
		Duration shortest = shorter(shortest(headers, GRPC, DeadlineHeaders::parseGrpc),
				shortest(headers, ENVOY, DeadlineHeaders::parseMillis));
		return (this.own != null) ? shorter(shortest, shortest(headers, this.own, DeadlineHeaders::parseMillis))
				: shortest;
	}

	private static @Nullable Duration shortest(HttpHeaders headers, String name,
			Function<String, @Nullable Duration> parser) {
		if (headers.getFirst(name) == null) {
			return null; // as of most requests, and cheaper than a list
		}
		Duration shortest = null;
		for (String value : headers.getOrEmpty(name)) {
			shortest = shorter(shortest, parser.apply(value));
		}
		return shortest;
	}

	private static @Nullable Duration shorter(@Nullable Duration one, @Nullable Duration other) {
		if (one == null || other == null) {
			return (one != null) ? one : other;
		}
		return (one.compareTo(other) <= 0) ? one : other;
	}

	private static @Nullable Duration parseGrpc(String value) {
		if (value.length() < 2 || value.length() > 9 || !isNumber(value, value.length() - 1)) {
			return null;
		}
		ChronoUnit unit = switch (value.charAt(value.length() - 1)) {
			case 'H' -> ChronoUnit.HOURS;
			case 'M' -> ChronoUnit.MINUTES;
			case 'S' -> ChronoUnit.SECONDS;
			case 'm' -> ChronoUnit.MILLIS;
			case 'u' -> ChronoUnit.MICROS;
			case 'n' -> ChronoUnit.NANOS;
			default -> null;
		};
		return (unit != null) ? Duration.of(Long.parseLong(value, 0, value.length() - 1, 10), unit) : null;
	}

	/** Zero is no time-out to Envoy. */
	private static @Nullable Duration parseMillis(String value) {
		if (value.isEmpty() || value.length() > MOST_DIGITS || !isNumber(value, value.length())) {
			return null;
		}
		long millis = Long.parseLong(value);
		return (millis > 0) ? Duration.ofMillis(millis) : null;
	}

	private static boolean isNumber(String value, int length) {
		return value.chars().limit(length).allMatch((digit) -> digit >= '0' && digit <= '9');
	}

}
