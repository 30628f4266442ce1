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
	 * Within a line what has priority goes first. Else it is first come, first served, until the oldest has waited for too long; then the last one
	 * comes first (LaneLine).
	 *
	 * A line is there as long as something waits in it or runs.
	 */

	/** The route of what is no request's. */
	private static final Object OTHERS = new Object();

	private static final Vacancy ANYTHING = new Vacancy(true, 0, true);

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

	void add(Work work, LaneLine.Kind kind, long now) {
		Object key = key(work.route());
		LaneLine line = this.lines.get(key);
		if (line == null) {
			line = new LaneLine(key, leastUsed(this.lines.values(), now), now);
			this.lines.put(key, line);
		}
		boolean urgent = work.priority() == Priority.HIGH;
		LaneLine.Waiting waiting = new LaneLine.Waiting(work, kind, urgent, this.submissions++, now);
		line.add(waiting);
		this.waiting.add(line);
		this.size++;
		this.burners += burners(waiting);
	}

	/**
	 * Returns what stands for a route.
	 */
	static Object key(@Nullable Object route) {
		return (route != null) ? route : OTHERS;
	}

	private static int burners(LaneLine.Waiting waiting) {
		return (waiting.kind() == LaneLine.Kind.BURNING) ? 1 : 0;
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
	 * @return {@code null} if none has anything that may run
	 */
	@Nullable LaneLine next(Vacancy vacancy, long now) {
		LaneLine next = null;
		for (LaneLine line : this.waiting) {
			if (line.hasNext(vacancy, beyond(line)) && (next == null || line.usedNanos(now) < next.usedNanos(now))) {
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
	 * @param threads how many threads it takes, which a virtual one is not
	 */
	void begin(LaneLine line, LaneLine.Waiting begun, int threads, long now) {
		line.remove(begun);
		line.changeThreads(threads, now);
		removed(line, begun);
		if (this.waiting.remove(line)) { // it was its turn
			this.waiting.add(line);
		}
	}

	/**
	 * Takes note that something of a line has ended and its thread is free.
	 */
	void end(LaneLine line, long now) {
		line.changeThreads(-1, now);
		removeUnused(line);
	}

	private void removed(LaneLine line, LaneLine.Waiting removed) {
		this.size--;
		this.burners -= burners(removed);
		if (line.isEmpty()) {
			this.waiting.remove(line);
			removeUnused(line);
		}
	}

	private void removeUnused(LaneLine line) {
		if (line.isEmpty() && line.threads() == 0) {
			this.lines.remove(line.route, line);
		}
	}

	/**
	 * Removes work that waits.
	 * @return {@code false} if it does not
	 */
	boolean remove(Work work) {
		LaneLine line = this.lines.get(key(work.route()));
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
			LaneLine.Waiting next = line.peek(ANYTHING, 1, Long.MIN_VALUE);
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
		LaneLine line = this.lines.get(key(work.route()));
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
