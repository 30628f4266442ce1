package dev.loopline.autoconfigure.web;

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
 * @param name what it is remembered as
 * @param method the method of its requests
 * @param pattern the pattern of its paths, or {@code null} if it has none
 * @param strands what the strands are like that its requests need, or {@code null} if
 * they need none
 * @param line its requests that wait
 * @param doubts how many requests in a row must still end in time until nothing is left
 * of what was learned
 * @param distrust how many those are after a request that stalled
 */
record LearnedRoute(String name, HttpMethod method, @Nullable PathPattern pattern, @Nullable StrandOptions strands,
		@Nullable RouteLine line, AtomicInteger doubts, int distrust) {

	static LearnedRoute slow(String name, HttpMethod method, @Nullable PathPattern pattern, Strand stalled,
			RouteLine line, int distrust) {
		return new LearnedRoute(name, method, pattern, StrandOptions.DEFAULTS.slowLike(stalled).route(name), line,
				new AtomicInteger(distrust), distrust);
	}

	static LearnedRoute innocent(String name, HttpMethod method, PathPattern pattern) {
		return new LearnedRoute(name, method, pattern, null, null, new AtomicInteger(), 0);
	}

	boolean isSlow() {
		return this.strands != null;
	}

	/**
	 * Returns whether the name may be shown: that of a path holds what a client wrote.
	 */
	boolean isShown() {
		return this.line != null && this.line.route() != null;
	}

	/**
	 * Takes note of the end of a request that was expected to stall.
	 * @param stalled whether it has
	 * @return whether the route is to be forgotten
	 */
	boolean isInnocentAfter(boolean stalled) {
		if (stalled) {
			this.doubts.set(this.distrust);
			return false;
		}
		return this.doubts.decrementAndGet() == 0;
	}

	/**
	 * Makes a strand for the next request of a slow route.
	 */
	Strand newStrand(TaskRuntime runtime) {
		return (this.strands != null) ? runtime.newStrand(this.strands) : runtime.newStrand();
	}

	/**
	 * Returns what the strands are like that a request of a slow route goes on with. That
	 * waits in a line of its own: a handler may have a thread until it has ended.
	 */
	StrandOptions continuations() {
		return (this.strands != null) ? this.strands.route(new Continued(this.name)) : StrandOptions.DEFAULTS;
	}

	@Override
	public String toString() {
		return this.name;
	}

	/**
	 * The route of what requests of another one go on with.
	 *
	 * @param name what that is remembered as
	 */
	private record Continued(String name) {
	}

}
