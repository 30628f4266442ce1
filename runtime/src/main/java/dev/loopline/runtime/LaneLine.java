package dev.loopline.runtime;

import java.util.ArrayDeque;
import java.util.EnumMap;
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

	/** What waits, by its kind. */
	private final EnumMap<Kind, ArrayDeque<Waiting>> waiting = newQueues();

	/** What has priority, by its kind. */
	private final EnumMap<Kind, ArrayDeque<Waiting>> urgent = newQueues();

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

	private static EnumMap<Kind, ArrayDeque<Waiting>> newQueues() {
		EnumMap<Kind, ArrayDeque<Waiting>> queues = new EnumMap<>(Kind.class);
		for (Kind kind : Kind.values()) {
			queues.put(kind, new ArrayDeque<>());
		}
		return queues;
	}

	void add(Waiting waiting) {
		queue(waiting.kind(), waiting.urgent()).add(waiting);
	}

	@SuppressWarnings("NullAway") // there is one for each
	private ArrayDeque<Waiting> queue(Kind kind, boolean urgent) {
		return (urgent ? this.urgent : this.waiting).get(kind);
	}

	/**
	 * Returns what is next: of those that may run, what has priority, else the one that
	 * came first.
	 * @param beyond how many threads more than the maximum it may take
	 */
	@Nullable Waiting peek(Vacancy vacancy, int beyond, long now) {
		Waiting urgent = peek(true, vacancy, beyond, now);
		return (urgent != null) ? urgent : peek(false, vacancy, beyond, now);
	}

	private @Nullable Waiting peek(boolean urgent, Vacancy vacancy, int beyond, long now) {
		Waiting first = null;
		for (Kind kind : Kind.values()) {
			Waiting next = vacancy.allows(kind, beyond) ? peek(queue(kind, urgent), now) : null;
			if (next != null && (first == null || next.number() < first.number())) {
				first = next;
			}
		}
		return first;
	}

	private static @Nullable Waiting peek(ArrayDeque<Waiting> waiting, long now) {
		Waiting oldest = waiting.peek();
		boolean overloaded = oldest != null && now - oldest.sinceNanos() > OVERLOAD_NANOS;
		return overloaded ? waiting.peekLast() : oldest;
	}

	/**
	 * Returns whether something may run.
	 */
	boolean hasNext(Vacancy vacancy, int beyond) {
		for (Kind kind : Kind.values()) {
			boolean waits = !queue(kind, false).isEmpty() || !queue(kind, true).isEmpty();
			if (waits && vacancy.allows(kind, beyond)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Removes what was next.
	 */
	void remove(Waiting waiting) {
		ArrayDeque<Waiting> line = queue(waiting.kind(), waiting.urgent());
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
		for (Kind kind : Kind.values()) {
			Waiting removed = remove(queue(kind, false), work);
			if (removed == null) {
				removed = remove(queue(kind, true), work);
			}
			if (removed != null) {
				return removed;
			}
		}
		return null;
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
		int size = 0;
		for (Kind kind : Kind.values()) {
			size += queue(kind, false).size() + queue(kind, true).size();
		}
		return size;
	}

	/**
	 * Returns whether nothing waits.
	 */
	boolean isEmpty() {
		return size() == 0;
	}

	/**
	 * Work that waits.
	 *
	 * @param work what it is
	 * @param kind what it needs
	 * @param urgent whether it goes before others of its line
	 * @param number how many came before it, to any line
	 * @param sinceNanos when it came
	 */
	record Waiting(Work work, Kind kind, boolean urgent, long number, long sinceNanos) {
	}

	/**
	 * What work needs.
	 */
	enum Kind {

		/** A virtual thread. */
		VIRTUAL,

		/** A thread. */
		BLOCKING,

		/** A thread and a permit. */
		BURNING

	}

}
