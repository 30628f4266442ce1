package dev.loopline.runtime.actor;

/**
 * What happens to an {@link Actor} that failed to handle a message. The failure is logged
 * and the mailbox is kept, unless the actor stops.
 */
public enum Supervision {

	/** The same instance goes on with the next message. */
	RESUME,

	/** A new instance goes on with the next message. */
	RESTART,

	/** The actor stops, and messages that wait are dead letters. */
	STOP

}
