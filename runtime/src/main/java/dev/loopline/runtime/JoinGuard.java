package dev.loopline.runtime;

/**
 * Keeps strands and tasks from waiting for others on their threads, as Reactor keeps them
 * from {@code block()}.
 */
final class JoinGuard {

	private JoinGuard() {
	}

	/**
	 * Checks that the calling thread may wait.
	 * @param what what has not ended
	 * @throws IllegalStateException if the thread is inside of a strand or a task, on
	 * whatever thread the scheduler runs that
	 */
	static void check(Object what) {
		TaskRuntime runtime = TaskRuntime.current();
		if (runtime != null && !runtime.config().allowBlocking()) {
			throw new IllegalStateException(what + " has not ended, and a strand or task must not wait for it on its "
					+ "thread: chain a stage instead, such as with whenComplete(), toCompletableFuture() or "
					+ "JoinSet.next(), or wait within TaskRuntime.spawnBlocking or blockInPlace");
		}
	}

}
