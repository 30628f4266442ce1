package dev.loopline.runtime;

import java.util.concurrent.locks.LockSupport;

/**
 * The way back of a thread to the worker that was taken away from it, step 6 of
 * {@link Handoff}. Only for that thread, but for what says otherwise.
 */
final class Succession {

	private final Worker worker;

	private final WorkerThread heir;

	/** Whether the worker knows its heir. */
	private boolean asked;

	/** Whether a stand-in has given the worker back. */
	private volatile boolean reinstated;

	Succession(Worker worker, WorkerThread heir) {
		this.worker = worker;
		this.heir = heir;
	}

	/**
	 * Waits until the stand-in gives the worker back.
	 * @return {@code false} if the runtime ends first
	 */
	boolean await(Scheduler scheduler) {
		if (!this.asked) { // else the thread failed while it waited
			this.asked = true;
			this.worker.askBack(this.heir);
		}
		while (!this.reinstated) {
			if (scheduler.isShutdown()) {
				return false;
			}
			LockSupport.park(this);
		}
		this.asked = false;
		this.reinstated = false;
		return true;
	}

	/**
	 * Gives the worker back. Only for the stand-in, between two polls.
	 */
	void reinstate() {
		this.worker.heir = null;
		this.worker.owner = this.heir;
		this.reinstated = true; // not the owner alone: T may look before N is one
		LockSupport.unpark(this.heir.thread());
	}

}
