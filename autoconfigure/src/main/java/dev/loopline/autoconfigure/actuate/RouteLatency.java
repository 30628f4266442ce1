package dev.loopline.autoconfigure.actuate;

/**
 * How long requests of a route took lately.
 *
 * @param requests those that have ended
 * @param p50Nanos half of them took no longer
 * @param p99Nanos all but one in a hundred took no longer
 */
record RouteLatency(long requests, long p50Nanos, long p99Nanos) {

	static final RouteLatency UNKNOWN = new RouteLatency(0, 0, 0);

}
