package dev.loopline.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.LongSupplier;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/**
 * Permits, and a line of those that wait for one. No thread waits. Safe for use by many
 * threads.
 */
final class ConcurrencyLimiter {

	/*-
	 * The protocol
	 * ============
	 * One word has both counts, waiters above permits that are out:
	 *
	 *   63         32 31          0
	 *   |  waiting   |  in flight |
	 *
	 * 1. While nobody waits, a permit is taken and given back by a compare-and-set of the word, and by nothing else.
	 * 2. The number of waiters changes only under the lock, together with the line. So whoever gives a permit back
	 *    and sees a waiter in the word finds him in the line as soon as he has the lock.
	 * 3. Somebody waits only while all permits are out: he gets into line by a compare-and-set of a word that says so.
	 *    If a permit comes back between his look and his step, the step fails, and he looks again.
	 * 4. A permit that comes back while somebody waits is his: it is handed over and never seen free. So nobody
	 *    overtakes the line, and the number of permits that are out cannot change meanwhile.
	 *    The same goes for permits that are added: under the lock, those that wait get them first. While more are out
	 *    than there are, as some were taken away, one that comes back is gone.
	 * 5. A waiter leaves the line once, under the lock: he is granted a permit, or he goes (his client has left, he
	 *    has waited for too long). Who goes and is not in line any more has a permit, or is about to be told of it,
	 *    and has to give it back.
	 *
	 * Who is next
	 * -----------
	 * The oldest, unless he has waited for more than half of the time that he may: then the server does not catch up,
	 * and whoever it serves in order it serves too late. The newest still has somebody who waits for the answer.
	 *
	 * Nothing of others is called under the lock.
	 */

	private static final long WAITER = 1L << 32;

	private static final AtomicLongFieldUpdater<ConcurrencyLimiter> STATE = AtomicLongFieldUpdater
		.newUpdater(ConcurrencyLimiter.class, "state");

	private volatile int permits;

	private final int capacity;

	private final long patienceNanos;

	private final LongSupplier clock;

	private volatile long state;

	@GuardedBy("this")
	private @Nullable Waiter oldest;

	@GuardedBy("this")
	private @Nullable Waiter newest;

	/**
	 * Creates a limiter.
	 * @param permits how many may be out
	 * @param capacity how many may wait
	 * @param patienceNanos the newest is next once the oldest has waited for longer
	 * @param clock says nanoseconds since any time
	 */
	ConcurrencyLimiter(int permits, int capacity, long patienceNanos, LongSupplier clock) {
		this.permits = permits;
		this.capacity = capacity;
		this.patienceNanos = patienceNanos;
		this.clock = clock;
	}

	/**
	 * Takes a permit if there is one that nobody waits for.
	 */
	boolean tryEnter() {
		long state = this.state;
		while (state < this.permits) {
			if (STATE.compareAndSet(this, state, state + 1)) {
				return true;
			}
			state = this.state;
		}
		return false;
	}

	/**
	 * Takes a permit, or gets into line for one.
	 */
	synchronized Entry enter(Waiter waiter) {
		while (true) {
			if (tryEnter()) {
				return Entry.GRANTED;
			}
			long state = this.state;
			if (waiting(state) >= this.capacity) {
				return Entry.REFUSED;
			}
			if (state >= this.permits && STATE.compareAndSet(this, state, state + WAITER)) {
				add(waiter);
				return Entry.QUEUED;
			}
		}
	}

	/**
	 * Gets out of the line.
	 * @return {@code false} if the waiter is not there: he has a permit, or has left
	 */
	synchronized boolean leave(Waiter waiter) {
		if (!waiter.inLine) {
			return false;
		}
		remove(waiter, -WAITER);
		return true;
	}

	/**
	 * Gives a permit back.
	 */
	void release() {
		long state = this.state;
		while (state < WAITER) {
			if (STATE.compareAndSet(this, state, state - 1)) {
				return;
			}
			state = this.state;
		}
		Waiter next = handOver();
		if (next != null) {
			next.granted();
		}
	}

	/**
	 * Has more permits, or less. Those beyond that are out stay there until they come
	 * back.
	 */
	void resize(int permits) {
		List<Waiter> granted = new ArrayList<>();
		synchronized (this) {
			this.permits = permits;
			Waiter next = next();
			// While somebody waits, the number of those that are out changes only under
			// the lock
			while (next != null && inFlight() < permits) {
				remove(next, 1 - WAITER);
				granted.add(next);
				next = next();
			}
		}
		granted.forEach(Waiter::granted);
	}

	int permits() {
		return this.permits;
	}

	private synchronized @Nullable Waiter handOver() {
		Waiter next = (inFlight() <= this.permits) ? next() : null;
		if (next != null) {
			remove(next, -WAITER);
		}
		else {
			// Nobody gets into line meanwhile, but permits come and go
			STATE.decrementAndGet(this);
		}
		return next;
	}

	@GuardedBy("this")
	private @Nullable Waiter next() {
		Waiter oldest = this.oldest;
		return (oldest != null && this.clock.getAsLong() - oldest.sinceNanos > this.patienceNanos) ? this.newest
				: oldest;
	}

	@GuardedBy("this")
	private void add(Waiter waiter) {
		waiter.sinceNanos = this.clock.getAsLong();
		waiter.inLine = true;
		waiter.older = this.newest;
		if (this.newest != null) {
			this.newest.newer = waiter;
		}
		else {
			this.oldest = waiter;
		}
		this.newest = waiter;
	}

	@GuardedBy("this")
	private void remove(Waiter waiter, long change) {
		Waiter older = waiter.older;
		Waiter newer = waiter.newer;
		if (older != null) {
			older.newer = newer;
		}
		else {
			this.oldest = newer;
		}
		if (newer != null) {
			newer.older = older;
		}
		else {
			this.newest = older;
		}
		waiter.older = null;
		waiter.newer = null;
		waiter.inLine = false;
		STATE.addAndGet(this, change);
	}

	int inFlight() {
		return (int) this.state;
	}

	int waiting() {
		return waiting(this.state);
	}

	private static int waiting(long state) {
		return (int) (state >>> 32);
	}

	enum Entry {

		GRANTED, QUEUED, REFUSED

	}

	/**
	 * Somebody in the line. Its fields are guarded by the limiter.
	 */
	abstract static class Waiter {

		private @Nullable Waiter older;

		private @Nullable Waiter newer;

		private long sinceNanos;

		private boolean inLine;

		/**
		 * Called once by whoever gave the permit back, if the waiter did not leave the
		 * line before. Must not throw.
		 */
		abstract void granted();

	}

}
