package dev.loopline.runtime;

/**
 * Tells a thread that is stuck from one that was not given the processor. Only for the
 * monitor.
 */
final class StallCheck {

	private boolean begun;

	private long beginNanos;

	private long cpuNanos;

	/**
	 * Forgets everything, for another poll.
	 */
	void reset() {
		this.begun = false;
	}

	/**
	 * Begins to count the processor time, unless that has been done.
	 */
	void begin(Thread thread, ThreadProbe probe, long now) {
		if (!this.begun) {
			this.begun = true;
			this.beginNanos = now;
			this.cpuNanos = probe.cpuNanos(thread);
		}
	}

	/**
	 * Returns whether the thread waits, or has used the processor for at least half of
	 * the time.
	 */
	boolean isStalled(Thread thread, ThreadProbe probe, long now) {
		if (!probe.isRunnable(thread)) {
			return true;
		}
		begin(thread, probe, now);
		return now > this.beginNanos && 2 * usedNanos(thread, probe) >= now - this.beginNanos;
	}

	/**
	 * Returns the processor time since the count began.
	 */
	long usedNanos(Thread thread, ThreadProbe probe) {
		return probe.cpuNanos(thread) - this.cpuNanos;
	}

}
