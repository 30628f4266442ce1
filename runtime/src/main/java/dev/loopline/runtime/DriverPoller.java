package dev.loopline.runtime;

import dev.loopline.runtime.time.Ticker;

/**
 * Polls drivers for one thread: that of its worker, and those of busy peers. Only for
 * that thread.
 */
final class DriverPoller {

	/**
	 * A busy worker finds mostly events of strands that it has queued already, and what
	 * is new waits behind these anyway. Idle peers look earlier.
	 */
	private static final int OWN_DRIVER_DELAY_FACTOR = 5;

	private final Scheduler scheduler;

	private final Worker worker;

	private final WorkerStats stats;

	private final Ticker ticker;

	private final long delayNanos;

	private boolean dispatching;

	/** When the events came that are being dispatched; 0 before the first. */
	private long dispatchNanos;

	/** What the events have woken since they were last counted. */
	private int woken;

	DriverPoller(Scheduler scheduler, Worker worker, WorkerStats stats) {
		this.scheduler = scheduler;
		this.worker = worker;
		this.stats = stats;
		this.ticker = scheduler.ticker();
		this.delayNanos = scheduler.config().driverDelay().toNanos();
	}

	/**
	 * Returns whether the thread is inside a driver, whose events go to the tail of the
	 * queue.
	 */
	boolean isDispatching() {
		return this.dispatching;
	}

	/**
	 * Takes note of work that is woken now.
	 * @param timed whether its wait is timed
	 * @return the time: one reading for all that a driver dispatches at once, else a
	 * fresh one; zero if the wait is not timed
	 */
	long wake(boolean timed) {
		this.woken += this.dispatching ? 1 : 0;
		if (!timed) {
			return 0;
		}
		if (!this.dispatching) {
			return this.ticker.nanos();
		}
		if (this.dispatchNanos == 0) {
			this.dispatchNanos = this.ticker.nanos();
		}
		return this.dispatchNanos;
	}

	boolean isOverdue(long now) {
		return now - this.worker.lastDriverPoll() > OWN_DRIVER_DELAY_FACTOR * this.delayNanos;
	}

	/**
	 * Polls the driver of the own worker, unless a peer does so.
	 * @return whether there were events or timers
	 */
	boolean poll() {
		return poll(this.worker);
	}

	/**
	 * Polls the drivers of busy peers until one has something.
	 */
	boolean pollPeers() {
		long now = this.ticker.nanos();
		for (Worker peer : this.scheduler.workers()) {
			if (peer != this.worker && now - peer.lastDriverPoll() > this.delayNanos && poll(peer)) {
				this.stats.peerDriverPolls++;
				return true;
			}
		}
		return false;
	}

	private boolean poll(Worker worker) {
		if (!worker.token.tryAcquire()) {
			return false;
		}
		int dispatched;
		this.dispatching = true;
		try {
			dispatched = worker.pollNow();
		}
		finally {
			this.dispatching = false;
			this.dispatchNanos = 0;
			worker.token.release();
		}
		count(dispatched);
		return dispatched > 0;
	}

	/**
	 * Blocks in the driver of the own worker, unless a peer polls it.
	 * @return the number of events and timers, to be counted when the worker is awake
	 */
	int pollBlocking() {
		if (!this.worker.token.tryAcquire()) {
			Thread.onSpinWait(); // a peer polls the driver and is about to be done
			return 0;
		}
		this.dispatching = true;
		try {
			return this.worker.pollBlocking();
		}
		finally {
			this.dispatching = false;
			this.dispatchNanos = 0;
			this.worker.token.release();
		}
	}

	/**
	 * Counts a poll and wakes a peer if there is more than one strand to run: not for
	 * events of strands that were queued already.
	 */
	void count(int dispatched) {
		this.stats.driverPolls++;
		this.stats.ioEvents += dispatched;
		if (this.woken > 1) {
			this.scheduler.notifyWorker();
		}
		this.woken = 0;
	}

}
