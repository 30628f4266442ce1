package dev.loopline.runtime.internal.stall;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * When the log spoke of a line of code, so that it does so once a minute. What was not
 * seen for longest makes room for what is new. Not thread-safe.
 */
final class WarningTable {

	/** Lines that are remembered. */
	static final int CAPACITY = 64;

	private final Map<StackTraceElement, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

	/**
	 * Counts a stall.
	 * @return how many a warning must speak of: those since the last one if it is due,
	 * else zero
	 */
	long take(StackTraceElement place, long now) {
		Entry entry = this.entries.get(place);
		if (entry == null) {
			entry = new Entry(now - CulpritEntry.WARNING_NANOS);
			this.entries.put(place, entry);
			if (this.entries.size() > CAPACITY) {
				Iterator<StackTraceElement> eldest = this.entries.keySet().iterator();
				eldest.next();
				eldest.remove();
			}
		}
		entry.count++;
		if (now - entry.lastWarning < CulpritEntry.WARNING_NANOS) {
			return 0;
		}
		long count = entry.count;
		entry.count = 0;
		entry.lastWarning = now;
		return count;
	}

	private static final class Entry {

		private long lastWarning;

		private long count;

		Entry(long lastWarning) {
			this.lastWarning = lastWarning;
		}

	}

}
