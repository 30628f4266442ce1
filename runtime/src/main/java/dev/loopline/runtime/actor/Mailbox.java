package dev.loopline.runtime.actor;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the messages of an actor, so that there are never too many, and closes. Many
 * producers, one consumer.
 */
final class Mailbox {

	/*-
	 * One word: the sign says closed, the rest is the number of messages that were admitted and not yet
	 * taken. Admission and closing are read-modify-writes of it, so that a message is either counted
	 * before the end, and then the actor waits for it, or refused.
	 */

	private static final int CLOSED = 1 << 31;

	private final int capacity;

	private final AtomicInteger state = new AtomicInteger();

	Mailbox(int capacity) {
		this.capacity = capacity;
	}

	Admission admit() {
		for (;;) {
			int state = this.state.get();
			if (state < 0) {
				return Admission.CLOSED;
			}
			if (state >= this.capacity) {
				return Admission.FULL;
			}
			if (this.state.compareAndSet(state, state + 1)) {
				return Admission.ADMITTED;
			}
		}
	}

	/**
	 * Takes a message that was admitted.
	 */
	void take() {
		this.state.decrementAndGet();
	}

	/**
	 * Refuses messages from now on.
	 * @return {@code false} if it was closed already
	 */
	boolean close() {
		return this.state.getAndUpdate((state) -> state | CLOSED) >= 0;
	}

	boolean isClosed() {
		return this.state.get() < 0;
	}

	int depth() {
		return this.state.get() & ~CLOSED;
	}

	/**
	 * How a message was received.
	 */
	enum Admission {

		/** It was counted and must be delivered. */
		ADMITTED,

		/** There is no room now. */
		FULL,

		/** There will never be room. */
		CLOSED

	}

}
