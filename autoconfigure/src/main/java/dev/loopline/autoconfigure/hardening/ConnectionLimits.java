package dev.loopline.autoconfigure.hardening;

import java.time.Duration;

/**
 * What is expected of connections, checked. Times in nanoseconds; zero is no limit.
 * Immutable.
 *
 * @param headerNanos until the headers of a request are there
 * @param bodyNanos without a byte of a body
 * @param writeNanos without a byte taken
 * @param idleNanos without a request
 * @param maxConnections connections at a time
 * @param maxHeaders header fields of a request
 * @param malformedNanos in which malformed requests are logged once
 */
record ConnectionLimits(long headerNanos, long bodyNanos, long writeNanos, long idleNanos, int maxConnections,
		int maxHeaders, long malformedNanos) {

	private static final String PREFIX = "loopline.web.connections.";

	private static final Duration MAX = Duration.ofDays(365);

	static ConnectionLimits of(HardeningProperties.Connections properties) {
		return new ConnectionLimits(nanos("header-timeout", properties.getHeaderTimeout()),
				nanos("body-timeout", properties.getBodyTimeout()),
				nanos("write-timeout", properties.getWriteTimeout()),
				nanos("idle-timeout", properties.getIdleTimeout()), count("max", properties.getMax()),
				count("max-headers", properties.getMaxHeaders()),
				nanos("malformed-log-interval", properties.getMalformedLogInterval()));
	}

	private static long nanos(String key, Duration time) {
		if (time.isNegative() || time.compareTo(MAX) > 0) {
			throw new InvalidHardeningException(PREFIX + key, time, "must be from 0, for no limit, to a year");
		}
		return time.toNanos();
	}

	private static int count(String key, int count) {
		if (count < 0) {
			throw new InvalidHardeningException(PREFIX + key, count, "must not be negative; 0 is for no limit");
		}
		return count;
	}

	ConnectionLimits withoutIdle() {
		return new ConnectionLimits(this.headerNanos, this.bodyNanos, this.writeNanos, 0, this.maxConnections,
				this.maxHeaders, this.malformedNanos);
	}

	/**
	 * Returns how often to look: a second, or a quarter of the shortest time.
	 */
	long periodNanos() {
		long period = 1_000_000_000;
		for (long limit : new long[] { this.headerNanos, this.bodyNanos, this.writeNanos, this.idleNanos }) {
			period = (limit > 0) ? Math.min(period, limit / 4) : period;
		}
		return Math.max(period, 10_000_000);
	}

}
