package dev.loopline.runtime.internal.stall;

/**
 * What a strand remembers of a stall: when it was, and nothing of what it was for. Safe
 * for use by many threads.
 */
public final class StallMark {

	private volatile boolean over;

	private volatile boolean excused;

	/** Written before the stall is over. */
	private long endNanos;

	/**
	 * Ends the stall. Only once.
	 */
	public void end(long now) {
		this.endNanos = now;
		this.over = true;
	}

	/**
	 * Says that nobody is to be blamed.
	 */
	void excuse() {
		this.excused = true;
	}

	public boolean isOver() {
		return this.over;
	}

	public boolean isExcused() {
		return this.excused;
	}

	/**
	 * Returns the time since the end, or zero.
	 */
	public long ageNanos(long now) {
		return this.over ? Math.max(0, now - this.endNanos) : 0;
	}

}
