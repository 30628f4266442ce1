package dev.loopline.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The lifecycle of a strand in one word. Safe for use by many threads.
 */
abstract class StrandState extends Work {

	/*-
	 * The protocol
	 * ------------
	 *              offer                 dequeue
	 *      IDLE ----------> SCHEDULED -------------> RUNNING --offer--> NOTIFIED
	 *       ^                  ^                      |   ^                |
	 *       |                  +---- work is left ----+---|--- work left --+
	 *       +------------------------ empty --------------+-- looks again -+
	 *
	 * 1. Offer: put the item into the mailbox, then read the state. Poll: write RUNNING, then read
	 *    the mailbox. Both are volatile, so that one of the two sees the other: no wake-up is lost.
	 * 2. Whoever moves IDLE to SCHEDULED enqueues the strand, so it is in at most one queue.
	 * 3. Only the thread that dequeued a strand moves it out of SCHEDULED, and only the thread that
	 *    polls it moves it out of RUNNING and NOTIFIED (but for RUNNING to NOTIFIED).
	 * 4. CLOSED is final. A closed strand refuses offers.
	 */

	/** Has no work and is in no queue. */
	static final int IDLE = 0;

	/** Is in exactly one queue. */
	static final int SCHEDULED = 1;

	/** One thread is inside a poll. */
	static final int RUNNING = 2;

	/** One thread is inside a poll, and another one offered an item since. */
	static final int NOTIFIED = 3;

	/** Accepts nothing any more. */
	static final int CLOSED = 4;

	private static final VarHandle STATE;

	static {
		try {
			STATE = MethodHandles.lookup().findVarHandle(StrandState.class, "state", int.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private volatile int state;

	StrandState(boolean pinned, Strand.Pace pace, boolean blocking) {
		super(pinned, pace, blocking);
	}

	final int state() {
		return this.state;
	}

	/**
	 * Records that an item was offered.
	 */
	final ToNotified transitionToNotified() {
		for (;;) {
			switch (this.state) {
				case IDLE -> {
					if (casState(IDLE, SCHEDULED)) {
						return ToNotified.SUBMIT;
					}
				}
				case RUNNING -> {
					if (casState(RUNNING, NOTIFIED)) {
						return ToNotified.NOTHING;
					}
				}
				case CLOSED -> {
					return ToNotified.CLOSED;
				}
				default -> {
					// A queue that grows may have published the item with ordered
					// stores alone: they must come before the last look at the state.
					VarHandle.fullFence();
					if (this.state == SCHEDULED || this.state == NOTIFIED) {
						return ToNotified.NOTHING;
					}
				}
			}
		}
	}

	/**
	 * Starts a poll. Only for the thread that dequeued the strand.
	 * @return {@code false} if the strand was closed
	 */
	final boolean transitionToRunning() {
		boolean running = casState(SCHEDULED, RUNNING);
		assert running || this.state == CLOSED : "polled in state " + this.state;
		return running;
	}

	/**
	 * Ends a poll that left the mailbox empty. Only for the polling thread.
	 */
	final ToIdle transitionToIdle() {
		if (casState(RUNNING, IDLE)) {
			return ToIdle.IDLE;
		}
		return casState(NOTIFIED, RUNNING) ? ToIdle.LOOK_AGAIN : ToIdle.CLOSED;
	}

	/**
	 * Ends a poll that left work. Only for the polling thread, which must enqueue the
	 * strand.
	 * @return {@code false} if the strand was closed
	 */
	final boolean transitionToScheduled() {
		return casState(RUNNING, SCHEDULED) || casState(NOTIFIED, SCHEDULED);
	}

	/**
	 * Closes the strand.
	 * @return the state that it was in
	 */
	final int transitionToClosed() {
		return (int) STATE.getAndSet(this, CLOSED);
	}

	private boolean casState(int expected, int updated) {
		return STATE.compareAndSet(this, expected, updated);
	}

	/**
	 * What the offering thread must do.
	 */
	enum ToNotified {

		/** Put the strand into a queue. */
		SUBMIT,

		/** Somebody else will see the item. */
		NOTHING,

		/** Refuse the item. */
		CLOSED

	}

	/**
	 * What the polling thread must do.
	 */
	enum ToIdle {

		/** The poll is over. */
		IDLE,

		/** An item was offered meanwhile; the strand still runs. */
		LOOK_AGAIN,

		/** The strand was closed. */
		CLOSED

	}

}
