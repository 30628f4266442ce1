package dev.loopline.runtime.stall;

/**
 * What is logged about stalls.
 */
public enum StallLog {

	/** Nothing. */
	OFF,

	/** A warning per culprit and minute. */
	WARN

}
