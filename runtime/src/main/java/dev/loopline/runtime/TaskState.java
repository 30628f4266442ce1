package dev.loopline.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The lifecycle of a task in one word. Safe for use by many threads.
 */
abstract class TaskState extends Work {

	/*-
	 * The protocol
	 * ------------
	 *        4             3          2          1         0
	 *  JOIN_INTEREST | CANCELLED | NOTIFIED | COMPLETE | LOCKED
	 *
	 * LOCKED is the lock on the body. It belongs to the thread that polls the task and, before that, to the queue
	 * that the task is in: so the task is in at most one. A task is born in a queue. It is suspended when it is
	 * neither LOCKED nor COMPLETE, which are never both set.
	 *
	 * 1. Wake: make visible what the task waits for, then set LOCKED on a suspended task, and enqueue it; on
	 *    any other set NOTIFIED.
	 * 2. Poll: clear NOTIFIED if it is set, then look at what the task waits for. A wake-up that comes later is
	 *    seen at the end: LOCKED is given up by a read-modify-write that fails if NOTIFIED is set. So no
	 *    wake-up is lost. A poll that leaves work, or was notified, passes the lock on to a queue.
	 * 3. Abort: set CANCELLED, and LOCKED on a suspended task, which is enqueued. Only whoever holds the lock
	 *    ends a task, the aborter never does, so the body is not torn down beneath a poll.
	 * 4. End: LOCKED becomes COMPLETE, for ever. The thread that did so completes the handle.
	 * 5. JOIN_INTEREST says that somebody looks at the outcome. It may be set at any time.
	 *
	 * The bits are Tokio's, but for the lock, which there does not pass from queue to thread and back: that
	 * takes two more read-modify-writes for a poll that leaves work.
	 */

	/** A thread is inside a poll, or the task is in a queue. */
	static final int LOCKED = 1;

	/** The task has ended. */
	static final int COMPLETE = 1 << 1;

	/** The task was woken while it was LOCKED. */
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

	/**
	 * Whether the lock belongs to a queue. Only for its holder; a hint for all others.
	 */
	private boolean queued;

	TaskState() {
		super(false, Strand.Pace.FAST, false);
		STATE.set(this, LOCKED); // published by the queue
		this.queued = true;
	}

	/**
	 * Makes a new task wait at first. Only before anybody else knows it.
	 */
	final void transitionToSuspended() {
		STATE.set(this, 0);
		this.queued = false;
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
		if ((state & LOCKED) == 0) {
			return TaskStatus.SUSPENDED;
		}
		return this.queued ? TaskStatus.RUNNABLE : TaskStatus.RUNNING;
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
			boolean suspended = (state & LOCKED) == 0;
			// Also when it is NOTIFIED already: the write is what the next poll reads.
			if (casState(state, state | (suspended ? LOCKED : NOTIFIED))) {
				if (suspended) {
					this.queued = true;
				}
				return suspended;
			}
		}
	}

	/**
	 * Starts a poll. Only for the thread that dequeued the task.
	 */
	final ToRunning transitionToRunning() {
		this.queued = false;
		for (;;) {
			int state = this.state;
			if ((state & (CANCELLED | COMPLETE)) != 0) {
				return ((state & COMPLETE) != 0) ? ToRunning.ENDED : ToRunning.CANCELLED;
			}
			if ((state & NOTIFIED) == 0 || casState(state, state & ~NOTIFIED)) {
				return ToRunning.RUN;
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
			if ((state & NOTIFIED) != 0) {
				this.queued = true;
				return ToIdle.RESUBMIT;
			}
			if (casState(state, state & ~LOCKED)) {
				return ToIdle.IDLE;
			}
		}
	}

	/**
	 * Ends a poll after which the task wants to run again. Only for the polling thread,
	 * which must enqueue the task.
	 * @return {@code false} if the task was aborted and still counts as running
	 */
	final boolean transitionToYielded() {
		this.queued = (this.state & CANCELLED) == 0;
		return this.queued;
	}

	/**
	 * Ends the task with a result, which the caller publishes. Only for the polling
	 * thread. What others record meanwhile is lost, as it no longer matters: nobody warns
	 * of a success that was not observed.
	 */
	final void transitionToSucceeded() {
		STATE.setRelease(this, COMPLETE);
	}

	/**
	 * Ends the task without a result. Only for the polling thread.
	 * @return the state before
	 */
	final int transitionToComplete() {
		return (int) STATE.getAndBitwiseXor(this, LOCKED | COMPLETE);
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
			boolean suspended = (state & LOCKED) == 0;
			if (casState(state, state | CANCELLED | (suspended ? LOCKED : 0))) {
				if (suspended) {
					this.queued = true;
				}
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
