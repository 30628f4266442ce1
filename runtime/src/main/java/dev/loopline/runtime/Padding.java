package dev.loopline.runtime;

/**
 * Keeps what one thread writes all the time in a cache line of its own: an object before
 * it may be another thread's. 128 bytes, as processors fetch lines in pairs.
 */
abstract class Padding {

	@SuppressWarnings("unused")
	private long p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15;

}
