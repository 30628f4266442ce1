package dev.loopline.autoconfigure.reactor;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;
import dev.loopline.runtime.StrandOptions;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.stall.WorkContext;

/**
 * What a strand works for if that goes on elsewhere, on schedulers: to blame, and to
 * learn from, is the same work.
 */
public interface ContinuedWork extends WorkContext {

	/**
	 * Makes a strand for a part of the work.
	 * @param runtime runs it
	 * @return the strand, with a context of its own
	 */
	Strand newStrand(TaskRuntime runtime);

	/**
	 * Lets a strand that there is go on with a part of the work, until it begins another:
	 * that of a connection which is used for one after the other. Called by
	 * {@link #continueHere}.
	 * @param strand the strand, which gets a context of its own
	 */
	void continueOn(Strand strand);

	/**
	 * Takes note that the calling strand, which worked for this, is about to begin other
	 * work.
	 */
	default void left() {
	}

	/**
	 * Returns the same work as others may keep it, for longer than it lasts.
	 * @return what holds on to nothing when the work has ended
	 */
	ContinuedWork lasting();

	/**
	 * Tells it that the calling thread, which runs no strand, works for it from now on.
	 * @return to be run when it does not any more; {@code null} if nobody asks
	 */
	default @Nullable Runnable enter() {
		return null;
	}

	/**
	 * Returns what the calling strand works for, or the calling thread within a task of a
	 * scheduler.
	 * @return {@code null} if it is nothing that goes on elsewhere
	 */
	static @Nullable ContinuedWork current() {
		Strand strand = Strand.current();
		if (strand == null) {
			return InheritedWork.current();
		}
		return (StrandInstrumentation.context(strand) instanceof ContinuedWork work) ? work : null;
	}

	/**
	 * Returns what the caller works for, as {@link #lasting} has it.
	 * @return {@code null} if it is nothing that goes on elsewhere
	 */
	static @Nullable ContinuedWork lastingCurrent() {
		ContinuedWork work = current();
		return (work != null) ? work.lasting() : null;
	}

	/**
	 * Lets the calling strand go on with a part of some work, or with none.
	 * @param work the work, or {@code null}
	 */
	static void continueHere(@Nullable ContinuedWork work) {
		Strand strand = Strand.current();
		if (strand == null) {
			return;
		}
		if (StrandInstrumentation.context(strand) instanceof ContinuedWork before) {
			before.left();
		}
		if (work != null) {
			work.continueOn(strand);
		}
		else {
			StrandInstrumentation.beginWork(strand, null, StrandOptions.DEFAULTS);
		}
	}

	/**
	 * Makes a strand for what the calling strand works for, or for nothing.
	 * @param runtime runs it
	 * @return the strand
	 */
	static Strand newStrandFrom(TaskRuntime runtime) {
		ContinuedWork work = current();
		return (work != null) ? work.newStrand(runtime) : runtime.newStrand();
	}

}
