package dev.loopline.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The lifecycle of a task in one word. Safe for use by many threads.
 */
abstract class TaskState extends Schedulable {

	/*-
	 * The protocol
	 * ------------
	 *        4             3          2          1         0
	 *  JOIN_INTEREST | CANCELLED | NOTIFIED | COMPLETE | RUNNING
	 *
	 * A task that is neither RUNNING nor COMPLETE is runnable if NOTIFIED and suspended if not. It is born
	 * NOTIFIED. RUNNING is the lock on its body; RUNNING and COMPLETE are never both set.
	 *
	 * 1. Wake: make visible what the task waits for, then set NOTIFIED. Whoever sets it on a suspended task
	 *    enqueues the task, so it is in at most one queue. On a running task the poll's end sees it.
	 * 2. Poll: clear NOTIFIED and set RUNNING, then look at what the task waits for. Both are
	 *    read-modify-writes, so one of the two sees the other: no wake-up is lost.
	 * 3. Abort: set CANCELLED, and wake a suspended task. Only whoever holds RUNNING ends a task, the aborter
	 *    never does, so the body is not torn down beneath a poll.
	 * 4. End: RUNNING becomes COMPLETE, for ever. The thread that did so completes the handle.
	 * 5. JOIN_INTEREST says that somebody looks at the outcome. It may be set at any time.
	 *
	 * The word and its bits are Tokio's, without the count of references: there is a garbage collector.
	 */

	/** A thread is inside a poll. */
	static final int RUNNING = 1;

	/** The task has ended. */
	static final int COMPLETE = 1 << 1;

	/** The task is in exactly one queue or, while it runs, must run again. */
	static final int NOTIFIED = 1 << 2;

	/** The task must not run any more. */
	static final int CANCELLED = 1 << 3;

	/** Somebody looks at the outcome. */
	static final int JOIN_INTEREST = 1 << 4;

	private static final VarHandle STATE;

	static {
		try {
			STATE = MethodHandles.lookup().findVarHandle(TaskState.class, "state", int.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	@SuppressWarnings("unused")
	private volatile int state;

	TaskState() {
		super(false, Strand.Pace.FAST, false);
		STATE.set(this, NOTIFIED); // published by the queue
	}

	/**
	 * Makes a new task wait at first. Only before anybody else knows it.
	 */
	final void transitionToSuspended() {
		STATE.set(this, 0);
	}

	final int state() {
		return this.state;
	}

	final TaskStatus status() {
		int state = this.state;
		if ((state & CANCELLED) != 0) {
			return TaskStatus.CANCELLED;
		}
		if ((state & COMPLETE) != 0) {
			return TaskStatus.COMPLETE;
		}
		if ((state & RUNNING) != 0) {
			return TaskStatus.RUNNING;
		}
		return ((state & NOTIFIED) != 0) ? TaskStatus.RUNNABLE : TaskStatus.SUSPENDED;
	}

	/**
	 * Records that the task must run again.
	 * @return whether the caller must enqueue it
	 */
	final boolean transitionToNotified() {
		for (;;) {
			int state = this.state;
			if ((state & COMPLETE) != 0) {
				return false;
			}
			// Also when it is NOTIFIED already: the write is what the next poll reads.
			if (casState(state, state | NOTIFIED)) {
				return (state & (RUNNING | NOTIFIED)) == 0;
			}
		}
	}

	/**
	 * Starts a poll. Only for the thread that dequeued the task.
	 */
	final ToRunning transitionToRunning() {
		for (;;) {
			int state = this.state;
			if ((state & (RUNNING | COMPLETE)) != 0) {
				return ToRunning.ENDED;
			}
			if (casState(state, (state & ~NOTIFIED) | RUNNING)) {
				return ((state & CANCELLED) != 0) ? ToRunning.CANCELLED : ToRunning.RUN;
			}
		}
	}

	/**
	 * Ends a poll after which the task waits. Only for the polling thread.
	 */
	final ToIdle transitionToIdle() {
		for (;;) {
			int state = this.state;
			if ((state & CANCELLED) != 0) {
				return ToIdle.CANCELLED;
			}
			if (casState(state, state & ~RUNNING)) {
				return ((state & NOTIFIED) != 0) ? ToIdle.RESUBMIT : ToIdle.IDLE;
			}
		}
	}

	/**
	 * Ends a poll after which the task wants to run again. Only for the polling thread,
	 * which must enqueue the task.
	 * @return {@code false} if the task was aborted and still counts as running
	 */
	final boolean transitionToYielded() {
		for (;;) {
			int state = this.state;
			if ((state & CANCELLED) != 0) {
				return false;
			}
			if (casState(state, (state & ~RUNNING) | NOTIFIED)) {
				return true;
			}
		}
	}

	/**
	 * Ends the task. Only for the polling thread.
	 * @return the state before
	 */
	final int transitionToComplete() {
		return (int) STATE.getAndBitwiseXor(this, RUNNING | COMPLETE);
	}

	/**
	 * Asks for the end of the task.
	 */
	final ToCancelled transitionToCancelled() {
		for (;;) {
			int state = this.state;
			if ((state & (COMPLETE | CANCELLED)) != 0) {
				return ((state & COMPLETE) != 0) ? ToCancelled.ENDED : ToCancelled.NOTHING;
			}
			boolean suspended = (state & (RUNNING | NOTIFIED)) == 0;
			if (casState(state, state | CANCELLED | (suspended ? NOTIFIED : 0))) {
				return suspended ? ToCancelled.SUBMIT : ToCancelled.NOTHING;
			}
		}
	}

	/**
	 * Records that somebody looks at the outcome.
	 */
	final void setJoinInterest() {
		if (!hasJoinInterest()) {
			STATE.getAndBitwiseOr(this, JOIN_INTEREST);
		}
	}

	final boolean hasJoinInterest() {
		return (this.state & JOIN_INTEREST) != 0;
	}

	final boolean isComplete() {
		return (this.state & COMPLETE) != 0;
	}

	private boolean casState(int expected, int updated) {
		return STATE.compareAndSet(this, expected, updated);
	}

	/**
	 * What the thread that dequeued the task must do.
	 */
	enum ToRunning {

		/** Run it. */
		RUN,

		/** End it without running it. */
		CANCELLED,

		/** Nothing. */
		ENDED

	}

	/**
	 * What the polling thread must do with a task that waits.
	 */
	enum ToIdle {

		/** Nothing: it is suspended. */
		IDLE,

		/** Enqueue it: it was woken meanwhile. */
		RESUBMIT,

		/** End it: it was aborted meanwhile and still counts as running. */
		CANCELLED

	}

	/**
	 * What the aborting thread must do.
	 */
	enum ToCancelled {

		/** Enqueue the task, so that somebody ends it. */
		SUBMIT,

		/** Nothing: somebody will end it. */
		NOTHING,

		/** Nothing: it has ended. */
		ENDED

	}

}
