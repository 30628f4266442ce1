package dev.loopline.autoconfigure.actuate;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import dev.loopline.runtime.StrandSnapshot;
import dev.loopline.runtime.stall.Culprit;
import dev.loopline.runtime.stall.Stalls;

/**
 * What each route does now, as JSON.
 */
record RoutesDescriptor(List<Row> routes) implements OperationResponseBody {

	/** Those that hold or wait for most come first. */
	private static final int MAX_ROUTES = 50;

	/** Later names are not looked at: a path that nobody maps may be a route too. */
	private static final int MAX_NAMES = 1_000;

	private static final Comparator<Count> ORDER = Comparator.<Count>comparingInt((count) -> count.blocked)
		.thenComparing((count) -> count.queued + count.running + count.lane)
		.thenComparing((count) -> count.stalls + count.refused)
		.thenComparing((count) -> count.latency.requests())
		.reversed();

	static RoutesDescriptor of(Stream<StrandSnapshot> strands, Stalls stalls, Map<String, Long> refused,
			Map<String, RouteLatency> latencies) {
		Map<String, Count> counts = new HashMap<>();
		for (Iterator<StrandSnapshot> all = strands.iterator(); all.hasNext();) {
			StrandSnapshot strand = all.next();
			if (strand.state() != StrandSnapshot.State.IDLE && strand.work() != null) {
				count(counts, strand.work().route()).add(strand.state());
			}
		}
		stalls.running().forEach((stall) -> count(counts, stall.work().route()).blocked++);
		for (Culprit culprit : stalls.culprits()) {
			Count count = count(counts, culprit.lastWork().route());
			count.stalls += culprit.count();
			count.maxNanos = Math.max(count.maxNanos, culprit.max().toNanos());
		}
		latencies.forEach((route, latency) -> count(counts, route).latency = latency);
		refused.forEach((route, number) -> count(counts, route).refused += number);
		return new RoutesDescriptor(counts.entrySet()
			.stream()
			.sorted(Map.Entry.<String, Count>comparingByValue(ORDER).thenComparing(Map.Entry.comparingByKey()))
			.limit(MAX_ROUTES)
			.map((entry) -> entry.getValue().row(entry.getKey()))
			.toList());
	}

	private static Count count(Map<String, Count> counts, @Nullable String route) {
		if (route == null || counts.size() >= MAX_NAMES && !counts.containsKey(route)) {
			return new Count();
		}
		return counts.computeIfAbsent(route, (added) -> new Count());
	}

	/**
	 * A route.
	 *
	 * @param running requests that are on a thread
	 * @param queued those that wait for a worker
	 * @param lane those in the slow lane
	 * @param blocked threads that stalls of it hold
	 * @param stalls those of the culprits that are known
	 * @param maxNanos the longest stall
	 * @param refused requests that were refused since the start
	 * @param requests those that were timed and have ended, of the last one to two
	 * minutes
	 * @param p50Nanos half of these took no longer; 0 if there are none
	 * @param p99Nanos all but one in a hundred of these took no longer
	 */
	record Row(String route, int running, int queued, int lane, int blocked, long stalls, long maxNanos, long refused,
			long requests, long p50Nanos, long p99Nanos) {
	}

	private static final class Count {

		private int running;

		private int queued;

		private int lane;

		private int blocked;

		private long stalls;

		private long maxNanos;

		private long refused;

		private RouteLatency latency = RouteLatency.UNKNOWN;

		void add(StrandSnapshot.State state) {
			switch (state) {
				case RUNNING -> this.running++;
				case QUEUED -> this.queued++;
				case LANE -> this.lane++;
				case IDLE -> {
					// waits for somebody else
				}
			}
		}

		Row row(String route) {
			return new Row(route, this.running, this.queued, this.lane, this.blocked, this.stalls, this.maxNanos,
					this.refused, this.latency.requests(), this.latency.p50Nanos(), this.latency.p99Nanos());
		}

	}

}
