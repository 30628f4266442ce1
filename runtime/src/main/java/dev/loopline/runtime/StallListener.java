package dev.loopline.runtime;

/**
 * Told about stalls, on a thread that nobody waits for. A listener that cannot keep up
 * misses some; what it throws is logged.
 */
@FunctionalInterface
public interface StallListener {

	/**
	 * Called at the end of every stall, and once before that if it has lasted for a
	 * second.
	 * @param stall the stall
	 */
	void onStall(Stall stall);

}
