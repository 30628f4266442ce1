package dev.loopline.runtime.internal.stall;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.internal.thread.ThreadProbe;

/**
 * Tells a thread that is stuck from one that was not given the processor. Only for the
 * monitor.
 */
public final class StallCheck {

	/*-
	 * What counts
	 * -----------
	 * The time of a poll is its own while its thread used the processor, and while it waited for something
	 * else than the processor. What a thread waits for now is known, and so is for how long it was kept from
	 * the processor before: when it is found waiting, all that is left of the time since the first look is
	 * its own. When it is found runnable, it may have been kept from the processor ever since the last look,
	 * and only what it used is.
	 *
	 * What was before the first look is unknown, but for how long the thread was kept from the processor since
	 * the last look at an earlier poll. What is left counts for the poll, but a stall must have been seen for
	 * half of the threshold.
	 */

	private boolean begun;

	private long lastNanos;

	private long beginNanos;

	private long cpuAtBegin;

	private long delayAtBegin;

	/** How long the poll had lasted at the first look. */
	private long unseenNanos;

	/** What is left of that if all delays since the last look were in it. */
	private long ownUnseenNanos;

	private @Nullable Thread lastThread;

	private long lastDelay;

	private long delayBefore;

	private long usedNanos;

	private long waitedNanos;

	/**
	 * Forgets everything, for another poll.
	 */
	public void reset() {
		this.begun = false;
		this.ownUnseenNanos = 0;
		this.usedNanos = 0;
		this.waitedNanos = 0;
	}

	/**
	 * Looks at a thread that may be stuck.
	 * @param start when its poll began, or everybody went on after a pause
	 */
	public void observe(Thread thread, ThreadProbe probe, long start, long now) {
		long cpu = probe.cpuNanos(thread);
		boolean waiting = this.begun && probe.isWaiting(thread);
		long delay = probe.runDelayNanos(thread);
		if (!this.begun) {
			this.begun = true;
			this.beginNanos = now;
			this.cpuAtBegin = cpu;
			this.delayAtBegin = delay;
			this.delayBefore = (thread == this.lastThread) ? this.lastDelay : 0;
			this.unseenNanos = now - start;
		}
		this.usedNanos = cpu - this.cpuAtBegin;
		if (waiting) {
			long delayed = Math.max(0, delay - this.delayAtBegin);
			this.waitedNanos = Math.max(this.waitedNanos, now - this.beginNanos - this.usedNanos - delayed);
		}
		this.ownUnseenNanos = Math.max(0, this.unseenNanos - Math.max(0, delay - this.delayBefore));
		this.lastNanos = now;
		this.lastThread = thread;
		this.lastDelay = delay;
	}

	/**
	 * Returns whether the poll has kept its thread for as long as the threshold.
	 */
	public boolean isStalled(long threshold) {
		return isStall(ownNanos(), threshold);
	}

	private boolean isStall(long ownNanos, long threshold) {
		return 2 * ownNanos >= threshold && this.ownUnseenNanos + ownNanos >= threshold;
	}

	/**
	 * Returns whether a look at the thread may tell more than the last one: one costs
	 * some 20 us, for the files that it reads.
	 */
	public boolean mayBeStalled(long threshold, long now) {
		return !this.begun || isStall(ownNanos() + now - this.lastNanos, threshold);
	}

	/**
	 * Returns whether the poll has used the processor for longer than it has waited.
	 */
	public boolean isBurning() {
		return this.usedNanos > this.waitedNanos;
	}

	/**
	 * Returns the time since the first look that was the poll's own.
	 */
	public long ownNanos() {
		return this.usedNanos + this.waitedNanos;
	}

	/**
	 * Returns the processor time since the first look.
	 */
	public long usedNanos() {
		return this.usedNanos;
	}

}
