package dev.loopline.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.internal.queue.Padding;
import dev.loopline.runtime.internal.stall.RunningStall;

/**
 * Whether a thread is inside a poll, since when, and whether its worker was taken away in
 * it. Safe for use by many threads.
 */
final class PollState extends PollStateFields {

	/*-
	 * One word: 0 outside a poll, the start within one, SEIZED from the moment that the worker is taken
	 * away. A poll is ended and seized by a CAS from the same start, so exactly one of them succeeds; see
	 * Handoff.
	 */

	private static final long SEIZED = -1;

	private static final VarHandle START;

	static {
		try {
			START = MethodHandles.lookup().findVarHandle(PollStateFields.class, "start", long.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	/** What follows may be another thread's; see {@link Padding}. */
	@SuppressWarnings("unused")
	private long q0, q1, q2, q3, q4, q5, q6, q7, q8, q9, q10, q11, q12, q13, q14, q15;

	/** The stall that the monitor sees in the running poll. */
	private volatile @Nullable RunningStall stall;

	/**
	 * Begins a poll. Only for the polling thread.
	 */
	void begin(Work work, long start) {
		this.running = work;
		START.setRelease(this, start); // pairs with the acquire of the monitor
	}

	/**
	 * Ends a poll. Only for the polling thread.
	 * @return {@code false} if the worker was taken away meanwhile
	 */
	boolean end(long start) {
		return START.compareAndSet(this, start, 0L);
	}

	/**
	 * Returns the work of the running or last poll.
	 */
	@Nullable Work running() {
		return this.running;
	}

	/**
	 * Takes the worker away if the thread is still inside the given poll.
	 */
	boolean seize(long start) {
		return START.compareAndSet(this, start, SEIZED);
	}

	/**
	 * Forgets that the worker was taken away. Only for the polling thread.
	 */
	void reset() {
		START.setRelease(this, 0L); // as at the end of a poll
	}

	/**
	 * Sets the stall that the thread must end if its worker is taken away. Only for the
	 * monitor, and before that is done.
	 */
	void watch(RunningStall stall) {
		this.stall = stall;
	}

	/**
	 * Ends the stall in which the worker was taken away. Only for the polling thread.
	 */
	void endStall(long now) {
		RunningStall stall = this.stall;
		if (stall != null) {
			this.stall = null;
			stall.end(now);
		}
	}

	/**
	 * Returns whether the thread is inside the given poll, or in what is left of one in
	 * which the worker was taken away: the end of that one is said by the thread itself.
	 * What was seen of the thread before this was asked is of the poll if the answer is
	 * yes.
	 */
	boolean isIn(long start) {
		long current = start();
		return current == start || current == SEIZED;
	}

	boolean isSeized() {
		return start() == SEIZED;
	}

	/**
	 * Returns the start of the running poll; what is not positive is none.
	 */
	long start() {
		return (long) START.getAcquire(this); // pairs with the release of begin
	}

}
