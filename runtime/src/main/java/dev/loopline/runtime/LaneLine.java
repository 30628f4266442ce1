package dev.loopline.runtime;

import java.util.ArrayDeque;
import java.util.Iterator;

import org.jspecify.annotations.Nullable;

/**
 * The work of one route that waits for a thread beside the workers, and how many threads
 * the route has. Guarded by the lane.
 */
final class LaneLine {

	/**
	 * How long the oldest must have waited for the youngest to go first. Then more
	 * arrives than can be served, and in order everybody would be served too late. Long
	 * beside a handler: a few more clients than threads are served best in order.
	 */
	static final long OVERLOAD_NANOS = 5_000_000_000L;

	final Object route;

	/** Wait for a thread. */
	private final ArrayDeque<Waiting> blockers = new ArrayDeque<>();

	/** Wait for a permit and a thread. */
	private final ArrayDeque<Waiting> burners = new ArrayDeque<>();

	/** Threads that it has. */
	private int threads;

	/** The time for which it has had threads, up to when it was charged. */
	private long usedNanos;

	private long chargedNanos;

	LaneLine(Object route, long usedNanos, long now) {
		this.route = route;
		this.usedNanos = usedNanos;
		this.chargedNanos = now;
	}

	void add(Waiting waiting) {
		(waiting.burner() ? this.burners : this.blockers).add(waiting);
	}

	/**
	 * Returns what is next: of two that may run, the one that came first.
	 */
	@Nullable Waiting peek(boolean mayBurn, long now) {
		Waiting blocker = peek(this.blockers, now);
		Waiting burner = mayBurn ? peek(this.burners, now) : null;
		if (blocker == null || burner == null) {
			return (blocker != null) ? blocker : burner;
		}
		return (blocker.number() < burner.number()) ? blocker : burner;
	}

	private static @Nullable Waiting peek(ArrayDeque<Waiting> waiting, long now) {
		Waiting oldest = waiting.peek();
		boolean overloaded = oldest != null && now - oldest.sinceNanos() > OVERLOAD_NANOS;
		return overloaded ? waiting.peekLast() : oldest;
	}

	/**
	 * Returns whether something may run.
	 */
	boolean hasNext(boolean mayBurn) {
		return !this.blockers.isEmpty() || mayBurn && !this.burners.isEmpty();
	}

	/**
	 * Removes what was next.
	 */
	void remove(Waiting waiting) {
		ArrayDeque<Waiting> line = waiting.burner() ? this.burners : this.blockers;
		if (waiting.equals(line.peek())) {
			line.remove();
		}
		else {
			line.removeLastOccurrence(waiting);
		}
	}

	/**
	 * Removes work.
	 * @return {@code null} if it does not wait here
	 */
	@Nullable Waiting remove(Work work) {
		Waiting removed = remove(this.blockers, work);
		return (removed != null) ? removed : remove(this.burners, work);
	}

	private static @Nullable Waiting remove(ArrayDeque<Waiting> line, Work work) {
		for (Iterator<Waiting> each = line.iterator(); each.hasNext();) {
			Waiting waiting = each.next();
			if (waiting.work() == work) {
				each.remove();
				return waiting;
			}
		}
		return null;
	}

	/**
	 * Takes note of a thread more or less.
	 */
	void changeThreads(int change, long now) {
		charge(now);
		this.threads += change;
	}

	private void charge(long now) {
		this.usedNanos += this.threads * (now - this.chargedNanos);
		this.chargedNanos = now;
	}

	/**
	 * Returns for how long it has had threads, those that it has now included.
	 */
	long usedNanos(long now) {
		charge(now);
		return this.usedNanos;
	}

	int threads() {
		return this.threads;
	}

	int size() {
		return this.blockers.size() + this.burners.size();
	}

	/**
	 * Returns whether nothing waits.
	 */
	boolean isEmpty() {
		return this.blockers.isEmpty() && this.burners.isEmpty();
	}

	/**
	 * Work that waits.
	 *
	 * @param work what it is
	 * @param burner whether it needs a permit
	 * @param number how many came before it, to any line
	 * @param sinceNanos when it came
	 */
	record Waiting(Work work, boolean burner, long number, long sinceNanos) {
	}

}
