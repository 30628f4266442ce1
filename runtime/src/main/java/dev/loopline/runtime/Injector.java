package dev.loopline.runtime;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * The global queue: strands that were scheduled from outside the workers or overflowed.
 * Many producers, many consumers.
 */
final class Injector {

	private final ConcurrentLinkedQueue<Strand> queue = new ConcurrentLinkedQueue<>();

	/** Kept beside the queue, whose own size is a walk. */
	private final AtomicInteger size = new AtomicInteger();

	void push(Strand strand) {
		this.size.incrementAndGet();
		this.queue.add(strand);
	}

	@Nullable Strand pop() {
		if (isEmpty()) {
			return null;
		}
		Strand strand = this.queue.poll();
		if (strand != null) {
			this.size.decrementAndGet();
		}
		return strand;
	}

	/**
	 * Returns the number of strands, an upper bound while a push is under way.
	 */
	int size() {
		return this.size.get();
	}

	boolean isEmpty() {
		return this.size.get() == 0;
	}

}
