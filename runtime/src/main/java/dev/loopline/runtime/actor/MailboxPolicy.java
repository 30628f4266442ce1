package dev.loopline.runtime.actor;

/**
 * What happens to a message that finds the mailbox full.
 */
public enum MailboxPolicy {

	/** It waits outside: the stage that the sender gets completes when there is room. */
	BACK_PRESSURE,

	/** It is dropped and counted. */
	DROP,

	/** The stage that the sender gets fails with {@link MailboxFullException}. */
	FAIL

}
