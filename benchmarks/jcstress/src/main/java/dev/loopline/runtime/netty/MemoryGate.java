package dev.loopline.runtime.netty;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/**
 * A gate to a kernel in memory, before a strand that is always busy.
 */
class MemoryGate extends ReadinessGate {

	/** What the kernel reports while it is muted. */
	private static final int MUTED = -1;

	private volatile boolean queued;

	private volatile int doubled;

	private int delivered;

	@GuardedBy("this")
	private int kernel;

	/**
	 * Does what the strand does when it is polled.
	 * @return whether the gate was queued
	 */
	final boolean poll() {
		if (!this.queued) {
			return false;
		}
		this.queued = false;
		serve();
		return true;
	}

	final void pollAll() {
		while (poll()) {
			// One event after the other
		}
	}

	final int delivered() {
		return this.delivered;
	}

	final synchronized int kernel() {
		return this.kernel;
	}

	final int doubled() {
		return this.doubled;
	}

	@Override
	void enqueue() {
		if (this.queued) {
			this.doubled = 1;
		}
		this.queued = true;
	}

	@Override
	int unmaskable() {
		return 0;
	}

	@Override
	int reads() {
		return 0;
	}

	@Override
	boolean isBusy() {
		return true;
	}

	@Override
	void deliver(int events) {
		this.delivered |= events;
	}

	@Override
	@GuardedBy("this")
	void applyInterest(int interest) {
		this.kernel = interest;
	}

	@Override
	@GuardedBy("this")
	void applyMute() {
		this.kernel = MUTED;
	}

}
