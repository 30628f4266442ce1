package dev.loopline.runtime;

/**
 * Whose turn it is when several strands wait.
 */
public enum Priority {

	/** Goes before all others, but never twice in a row while others wait. */
	HIGH,

	/** Takes its turn. */
	NORMAL,

	/**
	 * Goes when nothing else waits. So that it is not starved, each worker runs one such
	 * strand for a quantum every now and then.
	 */
	BACKGROUND

}
