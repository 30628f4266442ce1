package dev.loopline.runtime.internal.stall;

import java.util.HashSet;
import java.util.Set;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.loopline.runtime.internal.support.Failures;
import dev.loopline.runtime.internal.thread.BlockingPool;
import dev.loopline.runtime.stall.Advice;
import dev.loopline.runtime.stall.Stall;
import dev.loopline.runtime.stall.StallListener;

/**
 * Tells the log, the flight recorder and the listeners about stalls, on threads of its
 * own. Safe for use by many threads.
 */
public final class StallReporter {

	private static final Logger logger = LoggerFactory.getLogger(StallReporter.class);

	/** Reports that may wait before more are dropped. */
	private static final int QUEUE = 1024;

	private final boolean logging;

	private final Advice advice;

	private final Iterable<StallListener> listeners;

	private final BlockingPool logThread;

	/** Not the same: a listener may hang. */
	private final BlockingPool listenerThread;

	StallReporter(StallSettings settings) {
		this.logging = settings.logging();
		this.advice = settings.advice();
		this.listeners = settings.listeners();
		this.logThread = settings.newThread(QUEUE);
		this.listenerThread = settings.newThread(QUEUE);
	}

	public Advice advice() {
		return this.advice;
	}

	boolean isLogging() {
		return this.logging;
	}

	/**
	 * Reports a stall.
	 * @param count the stalls that a warning must speak of, or 0 for no warning
	 */
	public void report(Stall stall, long count) {
		if (count > 0) {
			warn(StallMessage.of(stall, count, this.advice));
		}
		if (isListening()) {
			run(this.listenerThread, () -> publish(stall));
		}
	}

	/**
	 * Writes a warning.
	 */
	void warn(String message) {
		log(() -> logger.warn(message));
	}

	/**
	 * Returns whether somebody wants to hear of every stall.
	 */
	boolean isListening() {
		return FlightRecording.isOn() || hasListeners();
	}

	/**
	 * Called by whoever ends a stall, whom nothing must reach that is thrown here.
	 */
	private boolean hasListeners() {
		try {
			return this.listeners.iterator().hasNext();
		}
		catch (Throwable ex) {
			return true; // it says so again where it can be logged
		}
	}

	private void publish(Stall stall) {
		try {
			if (FlightRecording.isOn()) {
				StallEvent.commit(stall);
			}
			this.listeners.forEach((listener) -> tell(listener, stall));
		}
		catch (Throwable ex) {
			Failures.warn(logger, ex, "A stall was not told to all listeners: {}", this.listeners);
		}
	}

	private static void tell(StallListener listener, Stall stall) {
		try {
			listener.onStall(stall);
		}
		catch (Throwable ex) {
			Failures.warn(logger, ex, "A stall listener threw an exception: {}", listener);
		}
	}

	/**
	 * Runs something that writes to the log, which may block.
	 */
	public void log(Runnable job) {
		run(this.logThread, job);
	}

	private static void run(BlockingPool thread, Runnable job) {
		try {
			thread.execute(job);
		}
		catch (Throwable ex) {
			// Better to miss a report than to wait for whoever cannot keep up.
		}
	}

	public void stop() {
		this.logThread.shutdown();
		this.listenerThread.shutdown();
	}

	public Set<Thread> awaitTermination(long deadlineNanos) {
		Set<Thread> left = new HashSet<>(this.logThread.awaitTermination(deadlineNanos));
		left.addAll(this.listenerThread.awaitTermination(deadlineNanos));
		return left;
	}

}
