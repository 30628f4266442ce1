package dev.loopline.runtime;

/**
 * What a {@link Strand} is for.
 */
public enum StrandKind {

	/** A connection. */
	CONNECTION,

	/** A socket that accepts connections or datagrams. */
	LISTENER,

	/** A request that is handled apart from its connection. */
	STREAM,

	/** A mailbox of an actor. */
	ACTOR,

	/** A worker of a scheduler. */
	SCHEDULER,

	/** Anything else. */
	OTHER

}
