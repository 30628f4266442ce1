package dev.loopline.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.internal.support.SpinLock;

/**
 * Knows which workers sleep and how many search for work, and decides who is woken. Many
 * producers, many consumers.
 */
final class IdleSet {

	/*-
	 * The protocol
	 * ------------
	 *  31        16 15        0
	 *  | unparked  | searching |
	 *
	 * 1. A worker that ran out of work searches, unless half of the workers already do.
	 * 2. Whoever adds work wakes a sleeper only if nobody searches: a searcher will find it. The
	 *    woken worker counts as searching from the moment it is picked.
	 * 3. The last searcher that finds work wakes the next sleeper, as there may be more.
	 * 4. The last searcher that parks looks at every queue once more after it is counted as parked:
	 *    work that was added meanwhile saw a searcher and woke nobody.
	 * 5. The sleepers are a stack: the last one to park has the warmest caches.
	 * 6. If there are fewer processors than workers by now, nobody is woken while as many are awake as there
	 *    are processors: each of these looks at the shared queues before it parks. What a worker alone can do
	 *    (I/O, timers, pinned work) wakes it as ever, and those that are too many by that do not search. Then
	 *    everybody that parks looks once more, as the last one to park need not have searched. The monitor
	 *    wakes others all the same if those that are awake do not get on.
	 *
	 * The word is only ever changed by a read-modify-write. The list changes under the lock, which
	 * is taken to park and to wake, never to decide that nobody need be woken.
	 */

	private static final int SEARCHING = 1;

	private static final int UNPARKED = 1 << 16;

	private static final int SEARCHING_MASK = UNPARKED - 1;

	private final int workers;

	/** How many may be awake for work that any of them can do. */
	private volatile int limit;

	private final AtomicInteger state;

	/** Virtual threads take it, too. */
	private final SpinLock lock = new SpinLock();

	@GuardedBy("lock")
	private final List<Worker> sleepers;

	IdleSet(int workers) {
		this.workers = workers;
		this.limit = workers;
		this.state = new AtomicInteger(workers * UNPARKED);
		this.sleepers = new ArrayList<>(workers);
	}

	/**
	 * Picks the worker to wake for new work, if one is needed. The caller must have made
	 * the work visible before with a full fence.
	 */
	@Nullable Worker workerToNotify() {
		return pick(this.limit);
	}

	/**
	 * Picks a worker to wake even if as many are awake as may be.
	 */
	@Nullable Worker workerToRescue() {
		return pick(this.workers);
	}

	private @Nullable Worker pick(int limit) {
		if (!shouldNotify(limit)) {
			return null;
		}
		this.lock.lock();
		try {
			if (!shouldNotify(limit) || this.sleepers.isEmpty()) {
				return null;
			}
			this.state.addAndGet(UNPARKED + SEARCHING);
			return this.sleepers.remove(this.sleepers.size() - 1);
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean shouldNotify(int limit) {
		int state = this.state.get();
		return (state & SEARCHING_MASK) == 0 && (state >>> 16) < limit;
	}

	/**
	 * Counts the worker as parked.
	 * @return whether it may have been the last one to look, so that it must look once
	 * more
	 */
	boolean transitionToParked(Worker worker, boolean searching) {
		this.lock.lock();
		try {
			int previous = this.state.getAndAdd(searching ? -(UNPARKED + SEARCHING) : -UNPARKED);
			this.sleepers.add(worker);
			return searching ? (previous & SEARCHING_MASK) == 1 : isLimited();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Counts the worker as awake if nobody has done so yet.
	 * @return {@code false} if the worker had been picked by {@link #workerToNotify()}
	 * and so counts as searching
	 */
	boolean transitionFromParked(Worker worker) {
		this.lock.lock();
		try {
			if (!this.sleepers.remove(worker)) {
				return false;
			}
			this.state.addAndGet(UNPARKED);
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	boolean transitionToSearching() {
		int state = this.state.get();
		int limit = this.limit;
		if (2 * (state & SEARCHING_MASK) >= limit || (state >>> 16) > limit) {
			return false;
		}
		this.state.addAndGet(SEARCHING);
		return true;
	}

	/**
	 * Ends a search.
	 * @return whether it was the last one, so that the next sleeper should be woken
	 */
	boolean transitionFromSearching() {
		return (this.state.addAndGet(-SEARCHING) & SEARCHING_MASK) == 0;
	}

	/**
	 * Sets how many may be awake for work that any of them can do.
	 */
	void limit(int processors) {
		this.limit = Math.min(processors, this.workers);
	}

	boolean isLimited() {
		return this.limit < this.workers;
	}

	int parked() {
		return this.workers - (this.state.get() >>> 16);
	}

	/**
	 * Returns whether every worker sleeps and none has been picked to wake up.
	 */
	boolean isAsleep() {
		return this.state.get() >>> 16 == 0;
	}

	int searching() {
		return this.state.get() & SEARCHING_MASK;
	}

}
