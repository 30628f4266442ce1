package dev.loopline.autoconfigure.web;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.web.util.pattern.PathPattern;

import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandOptions;
import dev.loopline.runtime.TaskRuntime;

/**
 * What was learned of a route: that its requests stall, or that they do not although a
 * slow route's pattern matches them too. Safe for use by many threads.
 *
 * @param method the method of its requests
 * @param pattern the pattern of its paths, or {@code null} if it has none
 * @param strands what the strands are like that its requests need, or {@code null} if
 * they need none
 * @param requests how many of its requests were expected to stall
 */
record LearnedRoute(HttpMethod method, @Nullable PathPattern pattern, @Nullable StrandOptions strands,
		AtomicInteger requests) {

	/**
	 * The request that is tried on a worker first, to notice soon a route that has become
	 * fast. As long as it does not, the distance to the next try doubles.
	 */
	static final int FIRST_PROBE = 64;

	/**
	 * The distance at which it stays, so that the stalls of the tries do not matter. A
	 * power of two.
	 */
	static final int PROBE_INTERVAL = 1024;

	static LearnedRoute slow(HttpMethod method, @Nullable PathPattern pattern, Strand stalled) {
		return new LearnedRoute(method, pattern, StrandOptions.DEFAULTS.slowLike(stalled), new AtomicInteger());
	}

	static LearnedRoute innocent(HttpMethod method, PathPattern pattern) {
		return new LearnedRoute(method, pattern, null, new AtomicInteger());
	}

	boolean isSlow() {
		return this.strands != null;
	}

	boolean isSame(LearnedRoute other) {
		return this.method.equals(other.method) && Objects.equals(this.pattern, other.pattern);
	}

	/**
	 * Counts a request that is expected to stall.
	 * @return whether it is to be tried on a worker nevertheless
	 */
	boolean isProbeNext() {
		int number = this.requests.incrementAndGet();
		return number % PROBE_INTERVAL == 0
				|| number >= FIRST_PROBE && number < PROBE_INTERVAL && Integer.bitCount(number) == 1;
	}

	/**
	 * Makes a strand for the next request of a slow route.
	 * @param probe whether it is to be tried on a worker
	 */
	Strand newStrand(TaskRuntime runtime, boolean probe) {
		return (probe || this.strands == null) ? runtime.newStrand() : runtime.newStrand(this.strands);
	}

	@Override
	public String toString() {
		return this.method + " " + this.pattern;
	}

}
