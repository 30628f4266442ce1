package dev.loopline.runtime;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what threads outside the runtime do. Safe for use by many threads, none of which
 * is a worker.
 */
final class RemoteCounters {

	private final LongAdder schedules = new LongAdder();

	void countSchedule() {
		this.schedules.increment();
	}

	long schedules() {
		return this.schedules.sum();
	}

}
