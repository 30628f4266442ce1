package dev.loopline.autoconfigure.web;

import java.util.ArrayList;
import java.util.List;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

import dev.loopline.autoconfigure.reactor.ContinuedWork;
import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.stall.Stall;
import dev.loopline.runtime.stall.WorkContext;
import dev.loopline.runtime.stall.WorkDescription;

/**
 * What a request goes on with on other strands, because a scheduler is in between. These
 * are slow for themselves: that a continuation stalls says nothing of the handler. The
 * strands may live longer than the request, which this lets go of at its end. Safe for
 * use by many threads.
 */
final class RequestContinuation implements ContinuedWork {

	/** Beyond that many strands of a request the others are not asked how it went. */
	private static final int MAX_SLOW = 16;

	private final SlowRoutes slow;

	private volatile @Nullable RequestContext request;

	/** What the request was, once it has ended. */
	private volatile WorkDescription last = WorkDescription.UNKNOWN;

	private volatile boolean blameless;

	private volatile boolean stalled;

	/** The slow route that it was found to be of, if any, and its strands. */
	@GuardedBy("this")
	private @Nullable LearnedRoute learned;

	@GuardedBy("this")
	private final List<Strand> expected = new ArrayList<>(0);

	RequestContinuation(RequestContext request, SlowRoutes slow) {
		this.request = request;
		this.slow = slow;
	}

	/**
	 * Returns the request that a strand works for, whether it began there or goes on.
	 */
	static @Nullable RequestContext requestOf(@Nullable WorkContext context) {
		return (context instanceof Part part) ? part.whole().request
				: (context instanceof RequestContext request) ? request : null;
	}

	@Override
	public Strand newStrand(TaskRuntime runtime) {
		RequestContext request = this.request;
		if (request == null) {
			return runtime.newStrand(); // it may go on for ever, of itself
		}
		LearnedRoute route = this.slow.find(request.request());
		Strand strand = (route != null) ? expect(route, runtime) : runtime.newStrand();
		StrandInstrumentation.setContext(strand, new Part(this, strand));
		return strand;
	}

	@Override
	public ContinuedWork lasting() {
		return this;
	}

	private synchronized Strand expect(LearnedRoute route, TaskRuntime runtime) {
		Strand strand = route.newContinuation(runtime);
		this.learned = route;
		if (this.expected.size() < MAX_SLOW) {
			this.expected.add(strand);
		}
		return strand;
	}

	/**
	 * Lets go of the request, and learns from how it went.
	 * @param cancelled whether it did not get to its end, so that nobody knows
	 */
	synchronized void release(RequestContext request, boolean cancelled) {
		this.last = request.describe();
		this.blameless = request.isBlameless();
		this.request = null;
		if (this.learned != null) {
			List<@Nullable Boolean> each = new ArrayList<>();
			this.expected.forEach((strand) -> each.add(hasStalled(strand)));
			boolean slow = this.stalled || each.contains(true);
			if (slow || !cancelled && !each.contains(null)) {
				this.slow.ended(this.learned, slow);
			}
			this.expected.clear();
		}
		else if (!this.stalled && !cancelled && !this.slow.isEmpty()) {
			this.slow.compare(request.request(), request.pattern());
		}
	}

	/**
	 * Returns whether a strand has stalled.
	 * @return {@code null} if nobody knows yet
	 */
	private static @Nullable Boolean hasStalled(Strand strand) {
		Boolean stalled = StrandInstrumentation.hasStalled(strand);
		boolean over = strand.isIdle() || strand.isCurrent();
		return (over || Boolean.TRUE.equals(stalled)) ? stalled : null;
	}

	private void stalled(Strand strand, boolean loading) {
		this.stalled = true;
		RequestContext request = this.request;
		if (request != null && !request.isBlameless()) {
			this.slow.learn(request.request(), request.pattern(), strand, loading);
		}
	}

	@Override
	public WorkDescription describe() {
		RequestContext request = this.request;
		return (request != null) ? request.describe() : this.last;
	}

	@Override
	public boolean isBlameless() {
		RequestContext request = this.request;
		return (request != null) ? request.isBlameless() : this.blameless;
	}

	/**
	 * What one of the strands works for.
	 */
	private record Part(RequestContinuation whole, Strand strand) implements ContinuedWork {

		@Override
		public Strand newStrand(TaskRuntime runtime) {
			return this.whole.newStrand(runtime);
		}

		@Override
		public ContinuedWork lasting() {
			return this.whole;
		}

		@Override
		public void stalled(Stall.Kind kind, boolean loading) {
			this.whole.stalled(this.strand, loading);
		}

		@Override
		public boolean isBlameless() {
			return this.whole.isBlameless();
		}

		@Override
		public WorkDescription describe() {
			return this.whole.describe();
		}

		@Override
		public String toString() {
			WorkDescription work = describe();
			return ((work.route() != null) ? work.route() : "A request") + " from " + work.connection();
		}

	}

}
