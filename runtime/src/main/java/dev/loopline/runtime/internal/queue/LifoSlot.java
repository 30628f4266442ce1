package dev.loopline.runtime.internal.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.jspecify.annotations.Nullable;

/**
 * Holds the item that a thread woke last. One owner puts and takes, many thieves take.
 *
 * @param <E> the type of the item
 */
@SuppressWarnings("unchecked") // only an E is put in
public final class LifoSlot<E> extends LifoSlotFields {

	private static final VarHandle ITEM;

	static {
		try {
			ITEM = MethodHandles.lookup().findVarHandle(LifoSlotFields.class, "item", Object.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	/** What follows may be another thread's; see {@link Padding}. */
	@SuppressWarnings("unused")
	private long q0, q1, q2, q3, q4, q5, q6, q7, q8, q9, q10, q11, q12, q13, q14, q15;

	/**
	 * Puts an item in.
	 * @param item the item
	 * @return the item that it displaced, if any
	 */
	public @Nullable E put(E item) {
		if (isEmpty()) {
			ITEM.setRelease(this, item); // thieves leave an empty slot alone
			return null;
		}
		return (E) ITEM.getAndSet(this, item);
	}

	/**
	 * Takes the item out.
	 */
	public @Nullable E take() {
		return isEmpty() ? null : (E) ITEM.getAndSet(this, null);
	}

	/**
	 * Returns the item without taking it.
	 */
	public @Nullable E peek() {
		return (E) this.item;
	}

	public boolean isEmpty() {
		return this.item == null;
	}

	/**
	 * Returns how often in a row the item went first. Only for the owner.
	 */
	public int pollsInRow() {
		return this.pollsInRow;
	}

	/**
	 * Sets how often in a row the item went first. Only for the owner.
	 */
	public void pollsInRow(int count) {
		this.pollsInRow = count;
	}

}
