package dev.loopline.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.jspecify.annotations.Nullable;

/**
 * Holds the work that a worker thread woke last. One owner puts and takes, many thieves
 * take.
 */
final class LifoSlot extends LifoSlotFields {

	private static final VarHandle WORK;

	static {
		try {
			WORK = MethodHandles.lookup().findVarHandle(LifoSlotFields.class, "work", Work.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	/** What follows may be another thread's; see {@link Padding}. */
	@SuppressWarnings("unused")
	private long q0, q1, q2, q3, q4, q5, q6, q7, q8, q9, q10, q11, q12, q13, q14, q15;

	/**
	 * Puts work in.
	 * @return the work that it displaced, if any
	 */
	@Nullable Work put(Work work) {
		if (isEmpty()) {
			WORK.setRelease(this, work); // thieves leave an empty slot alone
			return null;
		}
		return (Work) WORK.getAndSet(this, work);
	}

	/**
	 * Takes the work out.
	 */
	@Nullable Work take() {
		return isEmpty() ? null : (Work) WORK.getAndSet(this, null);
	}

	/**
	 * Returns the work without taking it.
	 */
	@Nullable Work peek() {
		return this.work;
	}

	boolean isEmpty() {
		return this.work == null;
	}

}
