package dev.loopline.runtime.stall;

import java.time.Duration;
import java.util.List;

/**
 * The stalls of a runtime: those that run now, and who caused all of them. A live view.
 * Safe for use by many threads.
 */
public interface Stalls {

	/**
	 * Returns the culprits, at most 256 of them.
	 * @return views, those that took the most time first
	 */
	List<Culprit> culprits();

	/**
	 * Returns the stacks of the culprits that were looked at in the last 15 to 30
	 * minutes, merged: at most two times 96 frames for each.
	 * @return views, those that were looked at most often first
	 */
	List<CulpritSamples> samples();

	/**
	 * Returns the stalls that have not ended.
	 * @return views, the oldest first
	 */
	List<Stall> running();

	/**
	 * Returns how many stalls there were, those that still run included.
	 * @param kind the kind
	 * @return the number since the start of the runtime
	 */
	long count(Stall.Kind kind);

	/**
	 * Returns how long stalls lasted, those that still run included.
	 * @param kind the kind
	 * @return the time since the start of the runtime
	 */
	Duration time(Stall.Kind kind);

	/**
	 * Returns the threads of other libraries that are watched, and how often the
	 * application kept one of them. They are not among the culprits.
	 * @return views, by library
	 */
	List<ForeignPool> foreign();

	/**
	 * Forgets the culprits, but not those that are stuck at the moment. The counters go
	 * on.
	 */
	void clear();

}
