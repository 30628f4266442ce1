package dev.loopline.autoconfigure.limits;

/**
 * Where the permits of a rate are counted.
 */
public enum RateStore {

	/** In this instance, for itself. */
	LOCAL,

	/** In Redis, for all instances together. */
	REDIS

}
