package dev.loopline.runtime;

/**
 * On which threads runs what is known to block.
 */
public enum BlockingThreads {

	/**
	 * On virtual threads where they do as well as others: if the workers can run them, or
	 * the JDK can without being held up by locks. Else on platform threads.
	 */
	AUTO,

	/** On threads of the operating system, one for each that blocks. */
	PLATFORM,

	/** On virtual threads, which needs JDK 24, or JDK 21 to 23 and the workers. */
	VIRTUAL

}
