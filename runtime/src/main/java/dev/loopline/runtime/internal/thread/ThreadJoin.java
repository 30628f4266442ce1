package dev.loopline.runtime.internal.thread;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.time.Ticker;

/**
 * Waits until a thread is gone, which is a moment after the last that it does.
 */
public final class ThreadJoin {

	private ThreadJoin() {
	}

	/**
	 * Waits for a thread, unless it is the calling one. Interrupts do not end the wait.
	 * @param deadlineNanos by the system's ticker
	 */
	public static void await(@Nullable Thread thread, long deadlineNanos) {
		if (thread == null || thread == Thread.currentThread()) {
			return;
		}
		boolean interrupted = false;
		long left;
		while (thread.isAlive() && (left = deadlineNanos - Ticker.system().nanos()) > 0) {
			try {
				thread.join(1 + left / 1_000_000);
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

}
