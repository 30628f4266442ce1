package dev.loopline.runtime;

import java.util.concurrent.locks.LockSupport;

import dev.loopline.runtime.internal.thread.BlockingPool;

/**
 * How a worker goes from one thread to the next but for its seizure: the way back of a
 * thread to the worker that was taken away from it, step 6 of {@link Handoff}, and the
 * replacement of one that ends. Only for that thread, but for what says otherwise.
 */
final class Succession {

	private final Scheduler scheduler;

	private final Worker worker;

	private final WorkerThread thread;

	/** Whether the thread runs the worker only until its heir is back. */
	private final boolean standIn;

	/** Whether the worker knows its heir. */
	private boolean asked;

	/** Whether a stand-in has given the worker back. */
	private volatile boolean reinstated;

	Succession(Scheduler scheduler, Worker worker, WorkerThread thread, boolean standIn) {
		this.scheduler = scheduler;
		this.worker = worker;
		this.thread = thread;
		this.standIn = standIn;
	}

	/**
	 * Waits until the stand-in gives the worker back, which was taken away.
	 * @return {@code false} if the thread must end: it is a stand-in, or the runtime ends
	 */
	boolean reclaim() {
		if (this.standIn) {
			return false;
		}
		this.thread.rest();
		if (!await()) {
			return false;
		}
		this.thread.resume();
		return true;
	}

	private boolean await() {
		if (!this.asked) { // else the thread failed while it waited
			this.asked = true;
			this.worker.askBack(this.thread);
		}
		while (!this.reinstated) {
			if (this.scheduler.isShutdown()) {
				return false;
			}
			LockSupport.park(this);
		}
		this.asked = false;
		this.reinstated = false;
		return true;
	}

	/**
	 * Gives the worker to its heir, if there is one. Only for a stand-in, between two
	 * polls.
	 * @return whether it did
	 */
	boolean giveBack() {
		WorkerThread heir = this.worker.heir;
		if (heir == null) {
			return false;
		}
		heir.succession.reinstate();
		return true;
	}

	/**
	 * Does so for this heir. Only for the stand-in.
	 */
	private void reinstate() {
		this.worker.heir = null;
		this.worker.owner = this.thread;
		this.reinstated = true; // not the owner alone: T may look before N is one
		LockSupport.unpark(this.thread.thread());
	}

	/**
	 * Finds another thread for the worker, as this one ends and must not.
	 */
	void replace() {
		if (!this.worker.token.isReserved()) { // else its driver is of no use any more
			WorkerThread next = this.scheduler.newWorkerThread(this.worker, this.standIn);
			this.worker.owner = next;
			BlockingPool pool = this.scheduler.blockingPool();
			Runnable loop = this.worker.driver.decorate(next);
			if (!pool.tryExecute(loop, this.scheduler.reserve().total())) {
				pool.execute(loop);
			}
		}
	}

}
