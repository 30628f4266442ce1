package dev.loopline.runtime;

import dev.loopline.runtime.internal.queue.FastRandom;
import dev.loopline.runtime.time.Ticker;

/**
 * The part that a thread without work takes in the {@link IdleSet}: it searches among its
 * peers, sleeps in its driver and wakes up again. Only for that thread.
 */
final class Searcher {

	private final Scheduler scheduler;

	private final IdleSet idleSet;

	private final Monitor monitor;

	private final WorkerThread self;

	private final LocalQueue queue;

	private final DriverPoller driverPoller;

	private final FastRandom random;

	private final Ticker ticker;

	private final long spinNanos;

	private boolean searching;

	Searcher(Scheduler scheduler, WorkerThread self, LocalQueue queue, DriverPoller driverPoller, long seed) {
		this.scheduler = scheduler;
		this.idleSet = scheduler.idleSet();
		this.monitor = scheduler.monitor();
		this.self = self;
		this.queue = queue;
		this.driverPoller = driverPoller;
		this.random = new FastRandom(seed);
		this.ticker = scheduler.ticker();
		this.spinNanos = scheduler.config().idleSpin().toNanos();
	}

	/**
	 * Looks for work elsewhere, unless enough others do, and for a while if so
	 * configured.
	 * @return whether there is some
	 */
	boolean search() {
		if (!this.searching) {
			this.searching = this.idleSet.transitionToSearching();
		}
		return this.searching && (findWork() || this.spinNanos > 0 && spin());
	}

	private boolean findWork() {
		return stealFromPeers() || this.scheduler.hasInjectedWork() || this.driverPoller.pollPeers();
	}

	/**
	 * Keeps looking, as whoever adds work counts on a searcher and wakes nobody.
	 */
	private boolean spin() {
		if (this.ticker.isPaused()) {
			return false; // it would never end
		}
		long start = this.ticker.nanos();
		while (this.self.worker().isUndisturbed() && this.ticker.nanos() - start < this.spinNanos) {
			Thread.onSpinWait();
			if (this.driverPoller.poll() || findWork()) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Ends the search, if there is one, as the thread has work.
	 */
	void end() {
		if (this.searching) {
			this.searching = false;
			// Whoever queued work before that may have relied on the search.
			if (this.idleSet.transitionFromSearching() && this.scheduler.hasQueuedWork()) {
				this.scheduler.notifyWorker();
			}
		}
	}

	private boolean stealFromPeers() {
		WorkerThread[] threads = this.scheduler.threads();
		int start = this.random.nextInt(threads.length);
		for (int i = 0; i < threads.length; i++) {
			WorkerThread victim = threads[(start + i) % threads.length];
			if (victim != this.self && stealFrom(victim)) {
				return true;
			}
		}
		return false;
	}

	private boolean stealFrom(WorkerThread victim) {
		int stolen = victim.surrenderTo(this.queue);
		if (stolen == 0) {
			return false;
		}
		this.self.stats.stealOperations++;
		this.self.stats.steals += stolen;
		return true;
	}

	/**
	 * Sleeps in the driver until there is something to do.
	 */
	void park() {
		Worker worker = this.self.worker();
		boolean last = this.idleSet.transitionToParked(worker, this.searching);
		this.searching = false;
		if (last && this.scheduler.hasQueuedWork()) {
			this.scheduler.notifyWorker();
		}
		if (this.scheduler.hasInjectedWork()) {
			// Whoever queued it may have relied on a searcher that found something else.
			worker.ringDoorbell();
		}
		this.self.stats.parks++;
		int dispatched;
		try {
			dispatched = this.driverPoller.pollBlocking();
		}
		finally {
			// Also when the driver fails:
			// a worker must not run while it counts as parked.
			this.searching = !this.idleSet.transitionFromParked(worker);
			worker.silenceDoorbell();
		}
		this.monitor.workerWokeUp();
		if (dispatched == 0 && !this.searching) {
			this.self.stats.noops++;
		}
		this.driverPoller.count(dispatched);
	}

}
