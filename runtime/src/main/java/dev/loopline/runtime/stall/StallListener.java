package dev.loopline.runtime.stall;

/**
 * Told about stalls, on a thread that nobody waits for. A listener that cannot keep up
 * misses some; what it throws is logged.
 */
@FunctionalInterface
public interface StallListener {

	/**
	 * Called at the end of every stall, and before that once it has lasted for a second,
	 * a minute and an hour.
	 * @param stall the stall
	 */
	void onStall(Stall stall);

}
