package dev.loopline.runtime.internal.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * A bounded ring. Single producer, many stealers.
 *
 * @param <E> the type of the items
 */
public final class RunQueue<E extends Injected> extends RunQueueFields {

	/*-
	 * The protocol
	 * ------------
	 * head packs two 32-bit indices: real (low half) is the next slot to pop, steal (high half) is
	 * the first slot that a thief may still be copying from. They differ only while a steal is under
	 * way, and then no second thief may start.
	 *
	 * 1. push (producer): the slot is free while tail - steal < capacity; write it, then publish tail.
	 * 2. pop (producer): CAS real + 1; steal moves along unless a thief holds it.
	 * 3. steal (thief): CAS real to real + n, leaving steal behind; copy the slots; CAS steal to the
	 *    then current real, which frees them.
	 * 4. overflow (producer): no thief is under way; CAS both indices over half of the ring and hand
	 *    that half to the injector in one batch.
	 *
	 * The indices are free-running ints, so that an old head can never match a new one within 2^32
	 * operations. The queue and its name are those of Tokio's multi-thread scheduler.
	 */

	private static final VarHandle HEAD;

	private static final VarHandle TAIL;

	static {
		try {
			MethodHandles.Lookup lookup = MethodHandles.lookup();
			HEAD = lookup.findVarHandle(RunQueueFields.class, "head", long.class);
			TAIL = lookup.findVarHandle(RunQueueFields.class, "tail", int.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	/** What follows may be another thread's; see {@link Padding}. */
	@SuppressWarnings("unused")
	private long q0, q1, q2, q3, q4, q5, q6, q7, q8, q9, q10, q11, q12, q13, q14, q15;

	private final @Nullable E[] buffer;

	private final int mask;

	/**
	 * Creates a queue.
	 * @param capacity the number of slots, a power of two of at least 2
	 */
	@SuppressWarnings("unchecked") // nobody sees the array
	public RunQueue(int capacity) {
		if (capacity < 2 || Integer.bitCount(capacity) != 1) {
			throw new IllegalArgumentException("capacity must be a power of two of at least 2, but was " + capacity);
		}
		this.buffer = (E[]) new Injected[capacity];
		this.mask = capacity - 1;
	}

	/**
	 * Appends an item; when the ring is full, half of it moves to the overflow queue
	 * together with the item. Only for the producer.
	 * @return whether the ring overflowed
	 */
	public boolean push(E item, Overflow<? super E> overflow) {
		for (;;) {
			long head = headAcquire();
			int steal = steal(head);
			int real = real(head);
			int tail = tailPlain();
			if (tail - steal < this.buffer.length) {
				this.buffer[tail & this.mask] = item;
				setTailRelease(tail + 1);
				return false;
			}
			if (steal != real) {
				// A thief is about to free slots: no reason to move more than this one.
				overflow.accept(item);
				return true;
			}
			if (pushOverflow(item, head, real, overflow)) {
				return true;
			}
		}
	}

	@SuppressWarnings("unchecked") // the same
	private boolean pushOverflow(E item, long head, int real, Overflow<? super E> overflow) {
		int half = this.buffer.length / 2;
		if (!casHead(head, pack(real + half, real + half))) {
			return false;
		}
		E[] batch = (E[]) new Injected[half + 1];
		for (int i = 0; i < half; i++) {
			batch[i] = take(real + i);
		}
		batch[half] = item;
		overflow.acceptAll(batch);
		return true;
	}

	/**
	 * Removes the oldest item. Only for the producer.
	 */
	public @Nullable E pop() {
		for (;;) {
			long head = headAcquire();
			int steal = steal(head);
			int real = real(head);
			if (real == tailPlain()) {
				return null;
			}
			int next = real + 1;
			if (casHead(head, pack((steal == real) ? next : steal, next))) {
				return take(real);
			}
		}
	}

	/**
	 * Moves the older half of this queue, rounded up, to the end of {@code thief}. Only
	 * for the producer of {@code thief}.
	 * @return the number of items that were moved
	 */
	public int stealInto(RunQueue<E> thief) {
		int thiefTail = thief.tailPlain();
		int used = thiefTail - steal(thief.headAcquire());
		int room = thief.buffer.length - used;
		if (used > thief.buffer.length / 2) {
			return 0;
		}
		long claimed;
		int first;
		int count;
		for (;;) {
			long head = headAcquire();
			first = real(head);
			if (steal(head) != first) {
				return 0; // another thief is under way
			}
			int available = tailAcquire() - first;
			count = Math.min(available - available / 2, room);
			if (count <= 0) {
				return 0;
			}
			claimed = pack(first, first + count);
			if (casHead(head, claimed)) {
				break;
			}
		}
		for (int i = 0; i < count; i++) {
			thief.buffer[(thiefTail + i) & thief.mask] = take(first + i);
		}
		release(claimed);
		thief.setTailRelease(thiefTail + count);
		return count;
	}

	private void release(long claimed) {
		long head = claimed;
		while (!casHead(head, pack(real(head), real(head)))) {
			head = headAcquire();
		}
	}

	/**
	 * Returns the number of items, exact only for the producer of a queue that nobody
	 * steals from.
	 */
	public int size() {
		return Math.max(0, tailAcquire() - real(headAcquire()));
	}

	public boolean isEmpty() {
		return size() == 0;
	}

	/**
	 * Calls back for what is in the queue. For any thread, to which the queue may look a
	 * little wrong: what moves meanwhile is seen twice or not at all.
	 */
	public void forEach(Consumer<? super E> action) {
		int tail = tailAcquire();
		for (int index = real(headAcquire()); index - tail < 0; index++) {
			E queued = this.buffer[index & this.mask];
			if (queued != null) {
				action.accept(queued);
			}
		}
	}

	@SuppressWarnings("NullAway") // a claimed slot is never empty
	private E take(int index) {
		int slot = index & this.mask;
		E item = this.buffer[slot];
		this.buffer[slot] = null;
		return item;
	}

	private long headAcquire() {
		// pairs with the CAS of every other party
		return (long) HEAD.getAcquire(this);
	}

	private boolean casHead(long expected, long updated) {
		return HEAD.compareAndSet(this, expected, updated);
	}

	private int tailPlain() {
		// only the producer writes it
		return (int) TAIL.get(this);
	}

	private int tailAcquire() {
		// pairs with setTailRelease
		return (int) TAIL.getAcquire(this);
	}

	private void setTailRelease(int tail) {
		// pairs with tailAcquire: publishes the slots below it
		TAIL.setRelease(this, tail);
	}

	private static long pack(int steal, int real) {
		return ((long) steal << 32) | (real & 0xFFFFFFFFL);
	}

	private static int steal(long head) {
		return (int) (head >>> 32);
	}

	private static int real(long head) {
		return (int) head;
	}

	/**
	 * Where items go that the ring has no room for.
	 *
	 * @param <E> the type of the items
	 */
	@FunctionalInterface
	public interface Overflow<E extends Injected> {

		/**
		 * Takes an item.
		 * @param item the item
		 */
		void accept(E item);

		/**
		 * Takes several items, in order.
		 * @param items the items
		 */
		default void acceptAll(E[] items) {
			for (E item : items) {
				accept(item);
			}
		}

	}

}
