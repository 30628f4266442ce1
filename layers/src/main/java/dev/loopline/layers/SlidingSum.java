package dev.loopline.layers;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/**
 * A sum of what was added in the last while, in slots of a tenth of that. Lock-free, safe
 * for use by many threads.
 */
final class SlidingSum {

	/*-
	 * The protocol
	 * ============
	 * There is the sum, and there are slots by whose contents it shrinks as they get old.
	 *
	 * 1. Whoever adds does so to the sum first and to the slot of now second. So each of them gets all that is added,
	 *    and when nobody is in between, the slots are the sum.
	 * 2. Somebody who sees that time has moved on steps the tick by a compare-and-set, one slot at a time. Whose step
	 *    it is empties the slot of the tick after that, which nobody uses yet, by an exchange, and takes from the sum
	 *    what was in it. So nothing is taken twice.
	 * 3. Who is slow between two parts of a step may find that a slot has come round: what is in it leaves a window
	 *    later, or earlier, and is not lost for ever.
	 * 4. What may be taken only if there is enough is taken by a compare-and-set of the sum that was seen, and of
	 *    nothing else. So of two that see enough for one only one gets it.
	 */

	static final int SLOTS = 10;

	private final long slotNanos;

	private final LongSupplier clock;

	private final long startNanos;

	private final AtomicLong sum = new AtomicLong();

	private final AtomicLongArray slots = new AtomicLongArray(SLOTS + 1);

	/** Slots since the start. */
	private final AtomicLong tick = new AtomicLong();

	/**
	 * Creates a sum of nothing.
	 * @param windowNanos for how long something counts
	 * @param clock says nanoseconds since any time
	 */
	SlidingSum(long windowNanos, LongSupplier clock) {
		this.slotNanos = Math.max(1, windowNanos / SLOTS);
		this.clock = clock;
		this.startNanos = clock.getAsLong();
	}

	/**
	 * Adds something, which may be negative.
	 */
	void add(long value) {
		long now = advance();
		this.sum.addAndGet(value);
		this.slots.addAndGet(slot(now), value);
	}

	/**
	 * Takes something if at least so much is there.
	 * @param value what is taken
	 * @param least the sum below which nothing is taken
	 */
	boolean takeIfAtLeast(long value, long least) {
		long now = advance();
		long seen = this.sum.get();
		while (seen >= least) {
			if (this.sum.compareAndSet(seen, seen - value)) {
				this.slots.addAndGet(slot(now), -value);
				return true;
			}
			seen = this.sum.get();
		}
		return false;
	}

	long sum() {
		advance();
		return this.sum.get();
	}

	/**
	 * Empties the slots whose time is over.
	 * @return the tick of now
	 */
	private long advance() {
		long now = (this.clock.getAsLong() - this.startNanos) / this.slotNanos;
		long tick = this.tick.get();
		while (tick < now) {
			// Who comes after a long time empties each slot once
			long next = Math.max(tick + 1, now - SLOTS);
			if (this.tick.compareAndSet(tick, next)) {
				this.sum.addAndGet(-this.slots.getAndSet(slot(next + 1), 0));
			}
			tick = this.tick.get();
		}
		return now;
	}

	private static int slot(long tick) {
		return (int) (tick % (SLOTS + 1));
	}

}
