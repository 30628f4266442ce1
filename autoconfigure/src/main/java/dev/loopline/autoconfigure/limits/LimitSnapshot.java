package dev.loopline.autoconfigure.limits;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A limit at a moment.
 *
 * @param name its name
 * @param routes methods and path patterns of its requests
 * @param timeout the longest time until an answer begins
 * @param maxConcurrent how many requests may be handled at a time
 * @param maxQueue how many may wait
 * @param maxWait for how long
 * @param rate how many may come in a time
 * @param priority how much they matter
 * @param inFlight how many are handled
 * @param queued how many wait
 * @param keys how many clients the rate knows
 * @param accepted how many were ever handled
 * @param refused how many were too many at a time
 * @param rateLimited how many were too many of their client
 * @param timedOut how many were not answered in time
 */
public record LimitSnapshot(String name, List<String> routes, @Nullable Duration timeout,
		@Nullable Integer maxConcurrent, @Nullable Integer maxQueue, @Nullable Duration maxWait, @Nullable String rate,
		@Nullable Priority priority, int inFlight, int queued, int keys, long accepted, long refused, long rateLimited,
		long timedOut) {
}
