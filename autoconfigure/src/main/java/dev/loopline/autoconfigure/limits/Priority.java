package dev.loopline.autoconfigure.limits;

/**
 * How much a request matters when not all can be served.
 */
public enum Priority {

	/** Refused last. */
	CRITICAL,

	/** What nothing is said of. */
	NORMAL,

	/** Refused first. */
	SHEDDABLE

}
