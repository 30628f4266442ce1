package dev.loopline.runtime;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.internal.thread.VirtualThreads;

/**
 * What carries what blocks.
 */
public enum BlockingCarriers {

	/** A thread of the operating system for each. */
	PLATFORM_THREADS("platform threads"),

	/** The JDK's own scheduler of virtual threads, beside the workers. */
	JDK_SCHEDULER("virtual threads of the JDK"),

	/** The workers, which run virtual threads like any other work. */
	WORKERS("virtual threads of the workers");

	private final String description;

	BlockingCarriers(String description) {
		this.description = description;
	}

	/**
	 * Chooses among what there is.
	 * @param wanted what is configured
	 * @param threads what this JVM can do, or {@code null} if it has no virtual threads
	 * @return the carriers
	 * @throws InvalidTaskRuntimeConfigException if virtual threads are wanted where they
	 * would do harm
	 */
	static BlockingCarriers choose(BlockingThreads wanted, @Nullable VirtualThreads threads) {
		if (wanted == BlockingThreads.PLATFORM) {
			return PLATFORM_THREADS;
		}
		if (threads != null && threads.takeScheduler()) {
			return WORKERS;
		}
		if (threads != null && threads.leaveMonitors()) {
			return JDK_SCHEDULER;
		}
		if (wanted == BlockingThreads.AUTO) {
			return PLATFORM_THREADS;
		}
		throw new InvalidTaskRuntimeConfigException("blockingThreadKind", wanted,
				(threads != null)
						? "platform or auto on this JDK, which locks would hold up, unless it is started with "
								+ "--add-opens java.base/java.lang=ALL-UNNAMED"
						: "platform or auto on this JDK: virtual threads need JDK 21");
	}

	/**
	 * Returns what what blocks runs on, in words.
	 * @return a noun in the plural
	 */
	public String description() {
		return this.description;
	}

}
