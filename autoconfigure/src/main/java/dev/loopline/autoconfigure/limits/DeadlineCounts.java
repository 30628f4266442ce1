package dev.loopline.autoconfigure.limits;

import java.util.concurrent.atomic.LongAdder;

/**
 * What became of requests that had a deadline. Safe for use by many threads.
 *
 * @param requests how many had one
 * @param passed how many were given up for it
 */
record DeadlineCounts(LongAdder requests, LongAdder passed) {

	DeadlineCounts() {
		this(new LongAdder(), new LongAdder());
	}

}
