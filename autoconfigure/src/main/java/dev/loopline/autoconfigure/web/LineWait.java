package dev.loopline.autoconfigure.web;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The wait of one request for a thread, which ends once: it begins, its client leaves, or
 * it has taken too long. Safe for use by many threads.
 */
final class LineWait {

	private final RouteLine line;

	private final long startNanos = System.nanoTime();

	private final AtomicBoolean over = new AtomicBoolean();

	private @Nullable Future<?> timer;

	LineWait(RouteLine line) {
		this.line = line;
	}

	/**
	 * Calls somebody on the event loop of the connection if this takes too long. To be
	 * called there, before the request is handed over.
	 */
	void limit(Channel connection, Runnable tooLong) {
		try {
			this.timer = connection.eventLoop().schedule(() -> {
				if (end()) {
					tooLong.run();
				}
			}, this.line.maxWait().toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException ex) {
			// The runtime has ended, and the request with it.
		}
	}

	/**
	 * Ends the wait.
	 * @return {@code false} if it has ended
	 */
	boolean end() {
		if (!this.over.compareAndSet(false, true)) {
			return false;
		}
		this.line.leave(System.nanoTime() - this.startNanos);
		Future<?> timer = this.timer;
		if (timer != null) {
			timer.cancel(false);
		}
		return true;
	}

}
