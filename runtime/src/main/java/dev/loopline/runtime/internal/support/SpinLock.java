package dev.loopline.runtime.internal.support;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * A lock for a few instructions, which nobody queues for. Not reentrant.
 */
public final class SpinLock implements Lock {

	/*-
	 * Why not a monitor
	 * -----------------
	 * A virtual thread that waits in the queue of a monitor, or of any fair enough lock, leaves its carrier. Once
	 * it is its turn it needs one again, and stands in the queues of the workers for that, while whoever came after
	 * it waits for it: workers too, which are its carriers. From JDK 24 on they look again by themselves, but only
	 * after a millisecond, then eight, and at last a second. Ten thousand virtual threads and two workers that
	 * listed and delisted strands under monitors came to a third of what they had to do, on idle processors.
	 *
	 * Here nobody is next, so nobody waits for one that does not run. Whoever holds it is never unmounted, as it
	 * does not wait for anything; the system may take the processor from it, so others give theirs away soon.
	 */

	private static final int SPINS = 64;

	private final AtomicBoolean held = new AtomicBoolean();

	// To yield only lets the holder have the processor
	@Override
	@SuppressWarnings("ThreadPriorityCheck")
	public void lock() {
		for (int spins = 0; !tryLock(); spins++) {
			if (spins < SPINS) {
				Thread.onSpinWait();
			}
			else {
				Thread.yield();
			}
		}
	}

	@Override
	public boolean tryLock() {
		return !this.held.get() && this.held.compareAndSet(false, true);
	}

	@Override
	public void unlock() {
		this.held.set(false);
	}

	/**
	 * Takes the lock. Nobody holds it for so long that an interrupt would matter.
	 */
	@Override
	public void lockInterruptibly() {
		lock();
	}

	@Override
	public boolean tryLock(long time, TimeUnit unit) {
		throw new UnsupportedOperationException();
	}

	@Override
	public Condition newCondition() {
		throw new UnsupportedOperationException();
	}

}
