package dev.loopline.runtime.internal.stall;

import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.stall.Culprit;
import dev.loopline.runtime.stall.WorkDescription;

/**
 * The culprits by line of code and by route or task, and the routes and tasks whose
 * stalls were looked at. Those that were not seen for longest make room for new ones.
 * Guarded by the stalls.
 */
final class CulpritTable {

	private final int capacity;

	private final Map<Key, CulpritEntry> entries = new LinkedHashMap<>(16, 0.75f, true);

	/** Each maps to itself. */
	private final Map<String, String> known = new LinkedHashMap<>(16, 0.75f, true);

	/** What one request of each route was, by what stands for the route. */
	private final Map<Object, WorkDescription> routes = new LinkedHashMap<>(16, 0.75f, true);

	CulpritTable(int capacity) {
		this.capacity = capacity;
	}

	/**
	 * Returns what stalls of the same work have in common: the route, else the handler or
	 * the task.
	 * @return {@code null} if none of them is known
	 */
	static @Nullable String subject(WorkDescription work) {
		if (work.route() != null) {
			return work.route();
		}
		return (work.handler() != null) ? work.handler() : work.task();
	}

	/**
	 * Finds or makes a culprit.
	 * @param place where it was, or {@code null} if nobody could look in time
	 */
	CulpritEntry culprit(@Nullable StackTraceElement place, WorkDescription work, Instant seen, long now) {
		Key key = new Key(place, subject(work));
		CulpritEntry entry = this.entries.get(key);
		if (entry == null) {
			makeRoom();
			entry = new CulpritEntry(key.method(), seen, now);
			this.entries.put(key, entry);
		}
		return entry;
	}

	/**
	 * Removes the culprit that was not seen for longest, if possible one that is not
	 * running.
	 */
	private void makeRoom() {
		if (this.entries.size() >= this.capacity) {
			Key eldest = this.entries.keySet().iterator().next();
			this.entries.remove(this.entries.entrySet()
				.stream()
				.filter((entry) -> !entry.getValue().isRunning())
				.map(Map.Entry::getKey)
				.findFirst()
				.orElse(eldest));
		}
	}

	/**
	 * Returns whether a stall of this work was looked at.
	 */
	boolean isKnown(WorkDescription work) {
		String subject = subject(work);
		return subject != null && this.known.get(subject) != null;
	}

	/**
	 * Returns what a request of this route was that was looked at.
	 */
	@Nullable WorkDescription requestOf(@Nullable Object route) {
		return (route != null) ? this.routes.get(route) : null;
	}

	void remember(WorkDescription work, @Nullable Object route) {
		String subject = subject(work);
		if (subject != null) {
			put(this.known, subject, subject);
			if (route != null && route.equals(subject)) { // else it may stand for several
				put(this.routes, route, work);
			}
		}
	}

	private <K, V> void put(Map<K, V> map, K key, V value) {
		map.put(key, value);
		if (map.size() > this.capacity) {
			Iterator<K> keys = map.keySet().iterator();
			keys.next();
			keys.remove();
		}
	}

	List<CulpritEntry> entries() {
		return List.copyOf(this.entries.values());
	}

	void clear() {
		this.entries.clear();
		this.known.clear();
		this.routes.clear();
	}

	/**
	 * What the stalls of one culprit have in common.
	 *
	 * @param place the line of code, if known
	 * @param subject the route or the task, if known
	 */
	private record Key(@Nullable StackTraceElement place, @Nullable String subject) {

		String method() {
			return (this.place != null) ? this.place.getClassName() + "." + this.place.getMethodName()
					: Culprit.UNKNOWN;
		}

	}

}
