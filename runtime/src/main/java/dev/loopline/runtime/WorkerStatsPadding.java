package dev.loopline.runtime;

/**
 * Keeps the counters of two threads in different cache lines; 128 bytes, as processors
 * fetch lines in pairs.
 */
abstract class WorkerStatsPadding {

	@SuppressWarnings("unused")
	private long p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15;

}
