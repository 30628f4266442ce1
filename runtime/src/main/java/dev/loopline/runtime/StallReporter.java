package dev.loopline.runtime;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log, the flight recorder and the listeners about stalls, on threads of its
 * own. Safe for use by many threads.
 */
final class StallReporter {

	private static final Logger logger = LoggerFactory.getLogger(StallReporter.class);

	/** Reports that may wait before more are dropped. */
	private static final int QUEUE = 1024;

	private final boolean logging;

	private final Iterable<StallListener> listeners;

	private final BlockingPool logThread;

	/** Not the same: a listener may hang. */
	private final BlockingPool listenerThread;

	StallReporter(TaskRuntimeConfig config) {
		this.logging = config.stallLog() == TaskRuntimeConfig.StallLog.WARN;
		this.listeners = config.stallListeners();
		this.logThread = newThread(config);
		this.listenerThread = newThread(config);
	}

	private static BlockingPool newThread(TaskRuntimeConfig config) {
		return new BlockingPool(1, QUEUE, config);
	}

	boolean isLogging() {
		return this.logging;
	}

	/**
	 * Reports a stall.
	 * @param count the stalls that a warning must speak of, or 0 for no warning
	 */
	void report(Stall stall, long count) {
		if (count > 0) {
			log(() -> logger.warn(StallMessage.of(stall, count)));
		}
		if (FlightRecording.isOn() || this.listeners.iterator().hasNext()) {
			run(this.listenerThread, () -> publish(stall));
		}
	}

	private void publish(Stall stall) {
		if (FlightRecording.isOn()) {
			StallEvent.commit(stall);
		}
		for (StallListener listener : this.listeners) {
			try {
				listener.onStall(stall);
			}
			catch (Throwable ex) {
				Failures.warn(logger, "A stall listener threw an exception: {}", listener, ex);
			}
		}
	}

	/**
	 * Runs something that writes to the log, which may block.
	 */
	void log(Runnable job) {
		run(this.logThread, job);
	}

	private static void run(BlockingPool thread, Runnable job) {
		try {
			thread.execute(job);
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			// Better to miss a report than to wait for whoever cannot keep up.
		}
	}

	void stop() {
		this.logThread.shutdown();
		this.listenerThread.shutdown();
	}

	Set<Thread> awaitTermination(long deadlineNanos) {
		Set<Thread> left = new HashSet<>(this.logThread.awaitTermination(deadlineNanos));
		left.addAll(this.listenerThread.awaitTermination(deadlineNanos));
		return left;
	}

}
