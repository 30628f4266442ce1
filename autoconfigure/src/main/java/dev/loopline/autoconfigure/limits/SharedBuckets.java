package dev.loopline.autoconfigure.limits;

import java.util.concurrent.CompletableFuture;

import dev.loopline.layers.RateLimiter;

/**
 * The buckets of a rate, of which all instances take.
 */
@FunctionalInterface
interface SharedBuckets {

	/**
	 * Takes a permit if there is one. Waits for nothing, throws nothing, and ends on any
	 * thread, which whoever continues there must not keep.
	 * @param key whose bucket
	 * @return whether there was, or why that is not known
	 */
	CompletableFuture<RateLimiter.Decision> take(Object key);

}
