package dev.loopline.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.jspecify.annotations.Nullable;

/**
 * Holds the strand that a worker thread woke last. One owner puts and takes, many thieves
 * take.
 */
final class LifoSlot extends LifoSlotFields {

	private static final VarHandle STRAND;

	static {
		try {
			STRAND = MethodHandles.lookup().findVarHandle(LifoSlotFields.class, "strand", Schedulable.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	/** What follows may be another thread's; see {@link Padding}. */
	@SuppressWarnings("unused")
	private long q0, q1, q2, q3, q4, q5, q6, q7, q8, q9, q10, q11, q12, q13, q14, q15;

	/**
	 * Puts a strand in.
	 * @return the strand that it displaced, if any
	 */
	@Nullable Schedulable put(Schedulable strand) {
		if (isEmpty()) {
			STRAND.setRelease(this, strand); // thieves leave an empty slot alone
			return null;
		}
		return (Schedulable) STRAND.getAndSet(this, strand);
	}

	/**
	 * Takes the strand out.
	 */
	@Nullable Schedulable take() {
		return isEmpty() ? null : (Schedulable) STRAND.getAndSet(this, null);
	}

	/**
	 * Returns the strand without taking it.
	 */
	@Nullable Schedulable peek() {
		return this.strand;
	}

	boolean isEmpty() {
		return this.strand == null;
	}

}
