package dev.loopline.runtime.actor;

/**
 * Says that an actor had no room for a message.
 */
public final class MailboxFullException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	MailboxFullException(String actor, int capacity) {
		super("The mailbox of actor '%s' is full with %d messages".formatted(actor, capacity), null, false, false);
	}

}
