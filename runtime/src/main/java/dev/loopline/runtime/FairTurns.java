package dev.loopline.runtime;

/**
 * Shares the time of a worker between what is in its queue and what is left of virtual
 * threads, while there is some of both. Only for one thread.
 */
final class FairTurns {

	/*-
	 * Half each
	 * ---------
	 * A thousand handlers that wait for as long as each other go on at the same moment. In one queue with all
	 * others, whoever came next would wait for all of them. So it is the turn of those that have had less of the
	 * time, and nobody saves up more than a quantum for later: whoever is alone has all of it.
	 */

	private final long limit;

	/** Time that virtual threads have had more than the others. */
	private long lead;

	/** When it was last decided. */
	private long since;

	/** Whether what runs since then is a virtual thread. */
	private boolean virtual;

	FairTurns(long quantumNanos, long now) {
		this.limit = quantumNanos;
		this.since = now;
	}

	/**
	 * Returns whether it is the turn of a virtual thread while there are others, and what
	 * ran since the last time is over.
	 */
	boolean isVirtualThreadsTurn(long now) {
		long used = this.virtual ? now - this.since : this.since - now;
		this.lead = Math.max(-this.limit, Math.min(this.limit, this.lead + used));
		runs(false, now);
		return this.lead <= 0;
	}

	/**
	 * Notes what is about to run.
	 */
	void runs(boolean virtual, long now) {
		this.virtual = virtual;
		this.since = now;
	}

}
