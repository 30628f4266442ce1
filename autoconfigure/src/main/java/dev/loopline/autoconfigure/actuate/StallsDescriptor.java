package dev.loopline.autoconfigure.actuate;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import dev.loopline.runtime.stall.Culprit;
import dev.loopline.runtime.stall.Stall;
import dev.loopline.runtime.stall.Stalls;

/**
 * Stalls as JSON. Times are in nanoseconds.
 */
record StallsDescriptor(Map<String, Long> counts, Map<String, Long> timesNanos, List<Running> running,
		List<CulpritDescriptor> culprits, List<String> slowRoutes,
		Map<String, Long> refused) implements OperationResponseBody {

	/** Those that took the most time come first. */
	private static final int MAX_CULPRITS = 100;

	private static final int MAX_RUNNING = 100;

	static StallsDescriptor of(Stalls stalls, List<String> slowRoutes, Map<String, Long> refused) {
		Map<String, Long> counts = new TreeMap<>();
		Map<String, Long> times = new TreeMap<>();
		for (Stall.Kind kind : Stall.Kind.values()) {
			counts.put(RuntimeDescriptor.lowerCase(kind), stalls.count(kind));
			times.put(RuntimeDescriptor.lowerCase(kind), stalls.time(kind).toNanos());
		}
		return new StallsDescriptor(counts, times, running(stalls),
				stalls.culprits().stream().limit(MAX_CULPRITS).map(CulpritDescriptor::of).toList(), slowRoutes,
				refused);
	}

	/**
	 * Returns the stalls that have not ended, the oldest first.
	 */
	static List<Running> running(Stalls stalls) {
		return stalls.running().stream().limit(MAX_RUNNING).map(Running::of).toList();
	}

	private static @Nullable String text(@Nullable StackTraceElement frame) {
		return (frame != null) ? frame.toString() : null;
	}

	private static List<String> text(List<StackTraceElement> stack) {
		return stack.stream().map(StackTraceElement::toString).toList();
	}

	/**
	 * A stall that has not ended.
	 */
	record Running(String kind, String thread, @Nullable String connection, @Nullable String route,
			@Nullable String handler, @Nullable String task, Instant start, long nanos, @Nullable String frame,
			List<String> stack) {

		static Running of(Stall stall) {
			return new Running(RuntimeDescriptor.lowerCase(stall.kind()), stall.thread(), stall.work().connection(),
					stall.work().route(), stall.work().handler(), stall.work().task(), stall.start(),
					stall.duration().toNanos(), text(stall.culprit()), text(stall.stack()));
		}

	}

	/**
	 * All stalls of one method.
	 */
	record CulpritDescriptor(String method, @Nullable String frame, long count, long blocking, long burning,
			int running, long totalNanos, long maxNanos, Instant firstSeen, Instant lastSeen, @Nullable String route,
			@Nullable String handler, @Nullable String task, List<String> stack) {

		static CulpritDescriptor of(Culprit culprit) {
			return new CulpritDescriptor(culprit.method(), text(culprit.frame()), culprit.count(), culprit.blocking(),
					culprit.burning(), culprit.running(), culprit.total().toNanos(), culprit.max().toNanos(),
					culprit.firstSeen(), culprit.lastSeen(), culprit.lastWork().route(), culprit.lastWork().handler(),
					culprit.lastWork().task(), text(culprit.lastStack()));
		}

	}

}
