package dev.loopline.autoconfigure.web;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;

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
	 * Answers a request that is refused. It may come again after as long as the last one
	 * waited, and not all of them at once.
	 */
	Mono<Void> refuse(ServerHttpRequest request, ServerHttpResponse response) {
		this.limits.refusals().add(this.route);
		long seconds = 1 + Duration.ofNanos(this.lastWaitNanos).toSeconds();
		long retryAfter = seconds + ThreadLocalRandom.current().nextLong(seconds + 1);
		return this.limits.crossOrigin().write(request, response, () -> BusyAnswer.write(response, retryAfter));
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
