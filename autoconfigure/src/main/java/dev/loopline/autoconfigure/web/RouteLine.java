package dev.loopline.autoconfigure.web;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.Priority;
import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;

/**
 * The requests of one route that wait for a thread beside the workers. Safe for use by
 * many threads.
 */
final class RouteLine {

	private final @Nullable String route;

	private final LineLimits limits;

	/** Requests that were handed over to their strands and have not begun. */
	private final AtomicInteger waiting = new AtomicInteger();

	/** How long the last one waited that began or gave up. A hint. */
	private volatile long lastWaitNanos;

	/**
	 * Creates a line.
	 * @param route what its route is called, or {@code null} if only its path is known
	 */
	RouteLine(@Nullable String route, LineLimits limits) {
		this.route = route;
		this.limits = limits;
	}

	/**
	 * Adds a request unless too many wait. Those that only have not begun yet do not
	 * count: there is no line as long as there are threads.
	 */
	boolean enter(Strand strand) {
		int capacity = this.limits.capacity(strand.runtime().config());
		if (strand.priority() == Priority.HIGH) {
			capacity *= 2; // refused after the others
		}
		if (this.waiting.get() >= capacity && StrandInstrumentation.waitingAlike(strand) > 0) {
			return false;
		}
		this.waiting.incrementAndGet();
		return true;
	}

	/**
	 * Removes a request.
	 */
	void leave(long waitedNanos) {
		this.waiting.decrementAndGet();
		this.lastWaitNanos = waitedNanos;
	}

	/**
	 * Counts a request that is refused.
	 * @return in how many seconds it may come again: as long as the last one waited, and
	 * not all of them at once
	 */
	long refuse() {
		this.limits.refusals().add(this.route);
		long seconds = 1 + Duration.ofNanos(this.lastWaitNanos).toSeconds();
		return seconds + ThreadLocalRandom.current().nextLong(seconds + 1);
	}

	@Nullable String route() {
		return this.route;
	}

	Duration maxWait() {
		return this.limits.maxWait();
	}

	int waiting() {
		return this.waiting.get();
	}

}
