package dev.loopline.runtime.internal.thread;

import java.util.List;
import java.util.stream.Stream;

/**
 * Lists the platform threads of the JVM, without stopping them as a thread dump does.
 * Safe for use by many threads.
 */
public final class JvmThreads {

	private JvmThreads() {
	}

	/**
	 * Returns the threads that live.
	 * @return a snapshot; one that has just been started may be missing
	 */
	public static List<Thread> list() {
		ThreadGroup root = Thread.currentThread().getThreadGroup();
		while (root.getParent() != null) {
			root = root.getParent();
		}
		Thread[] threads;
		int count;
		do {
			threads = new Thread[root.activeCount() + 16];
			count = root.enumerate(threads);
		}
		while (count == threads.length); // what does not fit is left out
		return Stream.of(threads).limit(count).toList();
	}

}
