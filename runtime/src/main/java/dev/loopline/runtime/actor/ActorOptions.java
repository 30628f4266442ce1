package dev.loopline.runtime.actor;

import java.util.Objects;

/**
 * How an actor behaves when it has too much to do or fails. Immutable.
 *
 * @param mailboxCapacity the most messages that wait, from 1
 * @param mailboxPolicy what happens to more
 * @param supervision what happens when it fails to handle a message
 */
public record ActorOptions(int mailboxCapacity, MailboxPolicy mailboxPolicy, Supervision supervision) {

	/** A thousand messages, back-pressure, restart. */
	public static final ActorOptions DEFAULTS = new ActorOptions(1000, MailboxPolicy.BACK_PRESSURE,
			Supervision.RESTART);

	/**
	 * Checks the capacity.
	 */
	public ActorOptions {
		Objects.requireNonNull(mailboxPolicy, "mailboxPolicy");
		Objects.requireNonNull(supervision, "supervision");
		if (mailboxCapacity < 1) {
			throw new IllegalArgumentException("mailboxCapacity must be at least 1, but was " + mailboxCapacity);
		}
	}

	/**
	 * Returns a copy with another mailbox.
	 * @param capacity the most messages that wait
	 * @param policy what happens to more
	 * @return the copy
	 */
	public ActorOptions mailbox(int capacity, MailboxPolicy policy) {
		return new ActorOptions(capacity, policy, this.supervision);
	}

	/**
	 * Returns a copy with another supervision.
	 * @param supervision what happens when it fails to handle a message
	 * @return the copy
	 */
	public ActorOptions supervised(Supervision supervision) {
		return new ActorOptions(this.mailboxCapacity, this.mailboxPolicy, supervision);
	}

}
