package dev.loopline.runtime.internal.thread;

/**
 * What can be learned about one virtual thread that the JDK schedules. Not thread-safe.
 */
public final class VirtualProbe implements ThreadProbe {

	/*-
	 * The JDK does not say how much of the processor a virtual thread has used. Its text, however, ends with the
	 * thread that carries it, if one does, which tells one that runs from one that only could. Time between two
	 * looks that both found it carried counts as used.
	 */

	private long now;

	private long lastLook;

	private boolean carried;

	private long usedNanos;

	/**
	 * Sets the time of the look that follows.
	 */
	public VirtualProbe at(long now) {
		this.now = now;
		return this;
	}

	@Override
	public long cpuNanos(Thread thread) {
		boolean carried = isRunnable(thread) && thread.toString().indexOf('@') > 0;
		if (carried && this.carried) {
			this.usedNanos += this.now - this.lastLook;
		}
		this.carried = carried;
		this.lastLook = this.now;
		return this.usedNanos;
	}

}
