package dev.loopline.runtime;

import org.jspecify.annotations.Nullable;

/**
 * A hashed hierarchical timer wheel. Not thread-safe: guarded by the driver token.
 */
final class TimerWheel {

	/*-
	 * Levels
	 * ------
	 * 6 levels of 64 slots (Tokio's sizes): a slot of level n spans 64^n ticks, the wheel 64^6 ticks,
	 * about two years of milliseconds. A timer sits at the level of the highest bit in which its tick
	 * differs from now, so it moves down at most five times and is fired from level 0. One bit per
	 * slot tells which are occupied: to find the next expiry is a rotation and a count of zeros.
	 * (Varghese and Lauck, "Hashed and Hierarchical Timing Wheels", 1987.)
	 */

	private static final int LEVELS = 6;

	private static final int BITS = 6;

	private static final int SLOTS = 1 << BITS;

	private static final long MAX_SPAN = 1L << (LEVELS * BITS);

	/** One tick: a millisecond. */
	static final long TICK_NANOS = 1_000_000;

	private final long originNanos;

	private final @Nullable StrandTimer[] slots = new StrandTimer[LEVELS * SLOTS];

	private final long[] occupied = new long[LEVELS];

	/** Every timer up to this tick has fired. */
	private long elapsed;

	private int size;

	TimerWheel(long originNanos) {
		this.originNanos = originNanos;
	}

	/**
	 * Adds a timer; one that is due already goes to the next tick.
	 */
	void add(StrandTimer timer) {
		timer.tick = Math.max(this.elapsed + 1, tickAtOrAfter(timer.deadlineNanos()));
		link(timer);
		this.size++;
	}

	/**
	 * Removes a timer if it is on the wheel.
	 */
	void remove(StrandTimer timer) {
		if (timer.slot >= 0) {
			unlink(timer);
			this.size--;
		}
	}

	/**
	 * Fires what is due.
	 * @return the number of timers that left the wheel
	 */
	int advance(long nowNanos) {
		int before = this.size;
		long now = (nowNanos - this.originNanos) / TICK_NANOS;
		for (;;) {
			long expiry = nextExpiry();
			if (expiry > now) {
				this.elapsed = Math.max(this.elapsed, now);
				return before - this.size;
			}
			int slot = nextSlot();
			this.elapsed = Math.max(this.elapsed, expiry);
			expire(slot);
		}
	}

	/**
	 * Returns the time at which {@link #advance} has something to do next.
	 * @return a reading of the ticker, or {@link Long#MAX_VALUE} if the wheel is empty
	 */
	long nextDeadlineNanos() {
		long expiry = nextExpiry();
		return (expiry == Long.MAX_VALUE) ? Long.MAX_VALUE : this.originNanos + expiry * TICK_NANOS;
	}

	int size() {
		return this.size;
	}

	/**
	 * Cancels every timer.
	 */
	void clear() {
		for (int slot = 0; slot < this.slots.length; slot++) {
			for (StrandTimer timer = this.slots[slot]; timer != null; timer = this.slots[slot]) {
				remove(timer);
				timer.abandon();
			}
		}
	}

	private long nextExpiry() {
		int slot = nextSlot();
		return (slot < 0) ? Long.MAX_VALUE : expiry(slot);
	}

	/**
	 * Returns the next slot to expire. A lower level always expires before a higher one.
	 */
	private int nextSlot() {
		for (int level = 0; level < LEVELS; level++) {
			long bits = this.occupied[level];
			if (bits != 0) {
				int now = (int) (this.elapsed >>> (level * BITS));
				// What is in the present slot of the top level
				// is a whole turn ahead: it comes last.
				int first = (level == LEVELS - 1) ? now + 1 : now;
				int ahead = Long.numberOfTrailingZeros(Long.rotateRight(bits, first));
				return level * SLOTS + ((first + ahead) & (SLOTS - 1));
			}
		}
		return -1;
	}

	private long expiry(int slot) {
		int level = slot / SLOTS;
		long slotSpan = 1L << (level * BITS);
		long levelSpan = slotSpan << BITS;
		long start = this.elapsed & -levelSpan;
		long expiry = start + (slot & (SLOTS - 1)) * slotSpan;
		// Only the top level wraps around: it holds what is further away than the wheel.
		return (expiry <= this.elapsed && level == LEVELS - 1) ? expiry + levelSpan : expiry;
	}

	private void expire(int slot) {
		StrandTimer timer = this.slots[slot];
		this.slots[slot] = null;
		this.occupied[slot / SLOTS] &= ~(1L << (slot & (SLOTS - 1)));
		while (timer != null) {
			StrandTimer next = timer.next;
			timer.previous = null;
			timer.next = null;
			timer.slot = -1;
			if (timer.tick <= this.elapsed) {
				this.size--;
				timer.fire();
			}
			else {
				link(timer);
			}
			timer = next;
		}
	}

	private void link(StrandTimer timer) {
		int slot = slotOf(timer.tick);
		StrandTimer head = this.slots[slot];
		if (head == null) {
			this.slots[slot] = timer;
			// The head's previous is the last, so that adding keeps the order
			timer.previous = timer;
		}
		else {
			StrandTimer last = last(head);
			last.next = timer;
			timer.previous = last;
			head.previous = timer;
		}
		timer.slot = slot;
		this.occupied[slot / SLOTS] |= 1L << (slot & (SLOTS - 1));
	}

	private void unlink(StrandTimer timer) {
		int slot = timer.slot;
		StrandTimer head = this.slots[slot];
		StrandTimer next = timer.next;
		StrandTimer previous = timer.previous;
		if (timer == head) {
			this.slots[slot] = next;
		}
		else if (previous != null) {
			previous.next = next;
		}
		if (next != null) {
			next.previous = previous;
		}
		else if (head != null && head != timer) {
			head.previous = previous;
		}
		if (this.slots[slot] == null) {
			this.occupied[slot / SLOTS] &= ~(1L << (slot & (SLOTS - 1)));
		}
		timer.previous = null;
		timer.next = null;
		timer.slot = -1;
	}

	private static StrandTimer last(StrandTimer head) {
		StrandTimer last = head.previous;
		return (last != null) ? last : head;
	}

	private int slotOf(long tick) {
		long distance = Math.min(tick - this.elapsed, MAX_SPAN - 1);
		long reachable = this.elapsed + distance;
		long differing = (this.elapsed ^ reachable) | (SLOTS - 1);
		int level = Math.min(LEVELS - 1, (63 - Long.numberOfLeadingZeros(differing)) / BITS);
		return level * SLOTS + ((int) (reachable >>> (level * BITS)) & (SLOTS - 1));
	}

	private long tickAtOrAfter(long deadlineNanos) {
		long distance = Math.max(0, deadlineNanos - this.originNanos);
		return distance / TICK_NANOS + ((distance % TICK_NANOS != 0) ? 1 : 0);
	}

}
