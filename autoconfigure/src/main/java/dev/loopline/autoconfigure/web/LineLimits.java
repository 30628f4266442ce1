package dev.loopline.autoconfigure.web;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import dev.loopline.autoconfigure.BlockingProperties;
import dev.loopline.autoconfigure.Refusals;
import dev.loopline.runtime.TaskRuntimeConfig;

/**
 * How many requests of one route may wait for a thread, and for how long.
 *
 * @param capacity the most that may wait, or {@code null} for some as there are threads
 * @param maxWait the longest time
 * @param refusals counts those that may not
 * @param crossOrigin lets pages read that
 */
record LineLimits(@Nullable Integer capacity, Duration maxWait, Refusals refusals, CrossOriginHeaders crossOrigin) {

	/**
	 * By default. Who comes later would wait for as long as three handlers take.
	 */
	static final int CAPACITY_PER_THREAD = 2;

	LineLimits(@Nullable Integer capacity, Duration maxWait, Refusals refusals) {
		this(capacity, maxWait, refusals, CrossOriginHeaders.NONE);
	}

	static LineLimits of(BlockingProperties properties, Refusals refusals, CrossOriginHeaders crossOrigin) {
		return new LineLimits(properties.getQueueCapacity(), properties.getMaxWait(), refusals, crossOrigin);
	}

	int capacity(TaskRuntimeConfig config) {
		return (this.capacity != null) ? this.capacity : CAPACITY_PER_THREAD * config.blockingThreads();
	}

}
