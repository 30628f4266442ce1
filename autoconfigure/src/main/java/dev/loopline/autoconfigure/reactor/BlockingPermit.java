package dev.loopline.autoconfigure.reactor;

/**
 * Lets code block in Reactor's way although a strand runs it, as Spring has been told
 * that it may.
 */
public final class BlockingPermit {

	private static final ThreadLocal<Boolean> GIVEN = ThreadLocal.withInitial(() -> false);

	private BlockingPermit() {
	}

	/**
	 * Gives the permit for as long as a task runs.
	 * @param task the task
	 * @return what runs it
	 */
	public static Runnable given(Runnable task) {
		return () -> {
			GIVEN.set(true);
			try {
				task.run();
			}
			finally {
				GIVEN.remove();
			}
		};
	}

	static boolean isGiven() {
		return GIVEN.get();
	}

}
