package dev.loopline.autoconfigure.actuate;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import dev.loopline.runtime.StrandSnapshot;
import dev.loopline.runtime.stall.WorkDescription;

/**
 * A page of strands as JSON. Times are in nanoseconds.
 *
 * @param total how many there are on all pages
 */
record StrandsDescriptor(long total, int page, int size, List<Row> strands) implements OperationResponseBody {

	/**
	 * A strand.
	 */
	record Row(long id, String kind, String name, @Nullable String route, @Nullable String handler, String state,
			long stateForNanos, long ageNanos, long busyNanos, long queuedNanos, long idleNanos, long longestPollNanos,
			int polls, int yields, int moves, int lastWorker, List<String> lints, List<String> stack) {

		/** Frames beyond these are those of the server, mostly. */
		private static final int MAX_FRAMES = 64;

		static Row of(StrandSnapshot strand) {
			WorkDescription work = strand.work();
			return new Row(strand.id(), RuntimeDescriptor.lowerCase(strand.kind()), strand.name(),
					(work != null) ? work.route() : null, (work != null) ? work.handler() : null,
					RuntimeDescriptor.lowerCase(strand.state()), strand.stateFor().toNanos(), strand.age().toNanos(),
					strand.busy().toNanos(), strand.queued().toNanos(), strand.idle().toNanos(),
					strand.longestPoll().toNanos(), strand.polls(), strand.yields(), strand.moves(),
					strand.lastWorker(), StrandLint.of(strand), frames(strand.stack()));
		}

		private static List<String> frames(List<StackTraceElement> stack) {
			return stack.stream().limit(MAX_FRAMES).map(StackTraceElement::toString).toList();
		}

	}

}
