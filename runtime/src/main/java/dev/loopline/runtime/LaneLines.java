package dev.loopline.runtime;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The lines of the slow lane, one for each route. Guarded by the lane.
 */
final class LaneLines {

	/*-
	 * Turns
	 * -----
	 * What waits for a thread waits in its route's own line, so that one route never starves another: with one
	 * line for all, an innocent route waited behind six hundred requests of one whose database hangs. All work
	 * that is no request's has one line, too.
	 *
	 * Lines take turns, but a turn is not worth the same to one that blocks for ten seconds as to one that blocks
	 * for ten milliseconds: the former would soon have all threads. So it is done as deficit round robin does it
	 * with bytes, here with time: each line has an account of the time for which it has had threads, and the next
	 * thread goes to the line that has had the least. Polls that have not ended are charged while they last, as
	 * some never end. A new line begins with the smallest account that there is, so nobody saves anything up.
	 * Among equals it is in turn.
	 *
	 * That helps nobody when no thread ever comes back. So there are some beyond the maximum for lines that have
	 * few: a line may take one of them while more are left of these than it has threads. The first such line gets
	 * half of them, the next one a quarter, and so on.
	 *
	 * Within a line it is first come, first served, until the oldest has waited for too long; then the last one
	 * comes first (LaneLine).
	 *
	 * A line is there as long as something waits in it or runs.
	 */

	/** The route of what is no request's. */
	private static final Object OTHERS = new Object();

	private final int reserve;

	/** By their routes. */
	private final Map<Object, LaneLine> lines = new HashMap<>();

	/** Those in which something waits, in turn. */
	private final Set<LaneLine> waiting = new LinkedHashSet<>();

	private long submissions;

	private int size;

	private int burners;

	/**
	 * Creates lines.
	 * @param reserve threads beyond the maximum for lines that have few
	 */
	LaneLines(int reserve) {
		this.reserve = reserve;
	}

	void add(Work work, boolean burner, long now) {
		LaneLine line = this.lines.get(routeOf(work));
		if (line == null) {
			line = new LaneLine(routeOf(work), leastUsed(this.lines.values(), now), now);
			this.lines.put(line.route, line);
		}
		line.add(new LaneLine.Waiting(work, burner, this.submissions++, now));
		this.waiting.add(line);
		this.size++;
		this.burners += burner ? 1 : 0;
	}

	private static Object routeOf(Work work) {
		Object route = (work instanceof Strand strand) ? strand.route() : null;
		return (route != null) ? route : OTHERS;
	}

	private static long leastUsed(Collection<LaneLine> lines, long now) {
		long least = Long.MAX_VALUE;
		for (LaneLine line : lines) {
			least = Math.min(least, line.usedNanos(now));
		}
		return lines.isEmpty() ? 0 : least;
	}

	/**
	 * Returns the line whose turn it is.
	 * @param mayBurn whether there is a permit
	 * @param excess how many threads are busy beyond the maximum
	 * @return {@code null} if none has anything that may run
	 */
	@Nullable LaneLine next(boolean mayBurn, int excess, long now) {
		LaneLine next = null;
		for (LaneLine line : this.waiting) {
			if (line.hasNext(mayBurn) && excess < beyond(line)
					&& (next == null || line.usedNanos(now) < next.usedNanos(now))) {
				next = line;
			}
		}
		return next;
	}

	/**
	 * Returns how many threads beyond the maximum may be busy with one more of a line.
	 */
	int beyond(LaneLine line) {
		return Math.max(0, this.reserve - line.threads());
	}

	/**
	 * Takes note that something of a line begins to run.
	 */
	void begin(LaneLine line, LaneLine.Waiting begun, long now) {
		line.remove(begun);
		line.changeThreads(1, now);
		removed(line, begun);
		if (this.waiting.remove(line)) { // it was its turn
			this.waiting.add(line);
		}
	}

	/**
	 * Takes note that something of a line has ended.
	 */
	void end(LaneLine line, long now) {
		line.changeThreads(-1, now);
		removeUnused(line);
	}

	private void removed(LaneLine line, LaneLine.Waiting removed) {
		this.size--;
		this.burners -= removed.burner() ? 1 : 0;
		if (line.isEmpty()) {
			this.waiting.remove(line);
			removeUnused(line);
		}
	}

	private void removeUnused(LaneLine line) {
		if (line.isEmpty() && line.threads() == 0) {
			this.lines.remove(line.route);
		}
	}

	/**
	 * Removes work that waits.
	 * @return {@code false} if it does not
	 */
	boolean remove(Work work) {
		LaneLine line = this.lines.get(routeOf(work));
		LaneLine.Waiting found = (line != null) ? line.remove(work) : null;
		if (line != null && found != null) {
			removed(line, found);
		}
		return found != null;
	}

	/**
	 * Removes any work that waits.
	 */
	@Nullable Work pop() {
		for (LaneLine line : this.waiting) {
			LaneLine.Waiting next = line.peek(true, Long.MIN_VALUE);
			if (next != null) {
				line.remove(next);
				removed(line, next);
				return next.work();
			}
		}
		return null;
	}

	/**
	 * Returns how much waits.
	 */
	int size() {
		return this.size;
	}

	/**
	 * Returns how much waits in the line of the given work.
	 */
	int size(Work work) {
		LaneLine line = this.lines.get(routeOf(work));
		return (line != null) ? line.size() : 0;
	}

	/**
	 * Returns how much needs a permit.
	 */
	int burners() {
		return this.burners;
	}

	/**
	 * Returns how many lines there are.
	 */
	int count() {
		return this.lines.size();
	}

}
