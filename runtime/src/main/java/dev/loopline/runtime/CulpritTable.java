package dev.loopline.runtime;

import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The culprits by method, and the method that each route or task led to last. Those that
 * were not seen for longest make room for new ones. Guarded by the stalls.
 */
final class CulpritTable {

	private final int capacity;

	private final Map<String, CulpritEntry> byMethod = new LinkedHashMap<>(16, 0.75f, true);

	private final Map<String, String> methodBySubject = new LinkedHashMap<>(16, 0.75f, true);

	CulpritTable(int capacity) {
		this.capacity = capacity;
	}

	/**
	 * Finds or makes a culprit.
	 */
	CulpritEntry culprit(String method, Instant seen, long now) {
		CulpritEntry entry = this.byMethod.get(method);
		if (entry == null) {
			makeRoom();
			entry = new CulpritEntry(method, seen, now);
			this.byMethod.put(method, entry);
		}
		return entry;
	}

	/**
	 * Removes the culprit that was not seen for longest, if possible one that is not
	 * running.
	 */
	private void makeRoom() {
		if (this.byMethod.size() >= this.capacity) {
			String eldest = this.byMethod.keySet().iterator().next();
			this.byMethod.remove(this.byMethod.values()
				.stream()
				.filter((entry) -> !entry.isRunning())
				.map((entry) -> entry.method)
				.findFirst()
				.orElse(eldest));
		}
	}

	/**
	 * Returns the method that this work ended in last, if known.
	 */
	@Nullable String lastMethodOf(StrandDescription work) {
		String subject = work.subject();
		return (subject != null) ? this.methodBySubject.get(subject) : null;
	}

	/**
	 * Returns the frame that this work ended in last, if known.
	 */
	@Nullable StackTraceElement lastFrameOf(StrandDescription work) {
		String method = lastMethodOf(work);
		CulpritEntry entry = (method != null) ? this.byMethod.get(method) : null;
		return (entry != null) ? entry.frame() : null;
	}

	void remember(StrandDescription work, String method) {
		String subject = work.subject();
		if (subject != null) {
			this.methodBySubject.put(subject, method);
			if (this.methodBySubject.size() > this.capacity) {
				Iterator<String> subjects = this.methodBySubject.keySet().iterator();
				subjects.next();
				subjects.remove();
			}
		}
	}

	List<CulpritEntry> entries() {
		return List.copyOf(this.byMethod.values());
	}

	void clear() {
		this.byMethod.clear();
		this.methodBySubject.clear();
	}

}
