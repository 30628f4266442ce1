package dev.loopline.runtime.internal.queue;

/**
 * Keeps what one thread writes all the time in a cache line of its own: an object before
 * it may be another thread's. 128 bytes, as processors fetch lines in pairs.
 */
public abstract class Padding {

	/*-
	 * The JVM puts the fields of a superclass before those of its subclasses. So what is written all the time is
	 * in a class of its own, between this one and a subclass that begins with as much again: the object
	 * after it may be another thread's, too, or one that all of them read. Where objects lie changes with
	 * every start and collection: without the padding at the end a yield took 27 ns in one JVM and 70 ns in
	 * the next.
	 *
	 * Between the header of an object and its first long there may be room for an int. A subclass's would be put
	 * there, before the padding.
	 */

	@SuppressWarnings("unused")
	private int gap;

	@SuppressWarnings("unused")
	private long p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15;

}
