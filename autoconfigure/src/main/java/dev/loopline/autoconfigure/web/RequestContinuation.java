package dev.loopline.autoconfigure.web;

import java.util.ArrayList;
import java.util.List;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

import dev.loopline.autoconfigure.reactor.ContinuedWork;
import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;
import dev.loopline.runtime.StrandOptions;
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

	/** The slow route that it was found to be of, if any, and what is expected of it. */
	@GuardedBy("this")
	private @Nullable LearnedRoute learned;

	@GuardedBy("this")
	private final List<Part> expected = new ArrayList<>(0);

	RequestContinuation(RequestContext request, SlowRoutes slow) {
		this.request = request;
		this.slow = slow;
	}

	/**
	 * Returns the request that a strand works for, whether it began there or goes on.
	 */
	static @Nullable RequestContext requestOf(@Nullable WorkContext context) {
		return (context instanceof Part part) ? part.whole.request
				: (context instanceof RequestContext request) ? request : null;
	}

	@Override
	public Strand newStrand(TaskRuntime runtime) {
		RequestContext request = this.request;
		if (request == null) {
			return runtime.newStrand(); // it may go on for ever, of itself
		}
		LearnedRoute route = this.slow.find(request.request());
		Strand strand = runtime.newStrand((route != null) ? route.continuations() : StrandOptions.DEFAULTS);
		StrandInstrumentation.setContext(strand, newPart(strand, route));
		AnswerGate gate = request.gate();
		if (gate != null) {
			gate.goesOnWith(strand);
		}
		return strand;
	}

	@Override
	public void continueOn(Strand strand) {
		RequestContext request = this.request;
		LearnedRoute route = (request != null) ? this.slow.find(request.request()) : null;
		StrandInstrumentation.beginWork(strand, (request != null) ? newPart(strand, route) : null,
				(route != null) ? route.continuations() : StrandOptions.DEFAULTS);
	}

	@Override
	public ContinuedWork lasting() {
		return this;
	}

	@Override
	public @Nullable Runnable enter() {
		RequestContext request = this.request;
		AnswerGate gate = (request != null) ? request.gate() : null;
		return (gate != null) ? gate.enter() : null;
	}

	private Part newPart(Strand strand, @Nullable LearnedRoute route) {
		Part part = new Part(this, strand);
		if (route != null) {
			expect(route, part);
		}
		return part;
	}

	private synchronized void expect(LearnedRoute route, Part part) {
		this.learned = route;
		if (this.expected.size() < MAX_SLOW) {
			this.expected.add(part);
		}
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
			this.expected.forEach((part) -> each.add(part.hasStalled()));
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
	private static final class Part implements ContinuedWork {

		private final RequestContinuation whole;

		private final Strand strand;

		/** Whether the strand works for others now. Written after the outcome. */
		private volatile boolean over;

		private @Nullable Boolean outcome;

		Part(RequestContinuation whole, Strand strand) {
			this.whole = whole;
			this.strand = strand;
		}

		@Override
		public Strand newStrand(TaskRuntime runtime) {
			return this.whole.newStrand(runtime);
		}

		@Override
		public void continueOn(Strand strand) {
			this.whole.continueOn(strand);
		}

		@Override
		public ContinuedWork lasting() {
			return this.whole;
		}

		/** Remembers how it went. */
		@Override
		public void left() {
			this.outcome = StrandInstrumentation.hasStalled(this.strand);
			this.over = true;
		}

		/**
		 * Returns whether the strand has stalled with this.
		 * @return {@code null} if nobody knows, or nobody knows yet
		 */
		@Nullable Boolean hasStalled() {
			Boolean stalled = StrandInstrumentation.hasStalled(this.strand);
			boolean done = this.strand.isIdle() || this.strand.isCurrent();
			if (this.over) { // the strand may have spoken of others already
				return this.outcome;
			}
			return (done || Boolean.TRUE.equals(stalled)) ? stalled : null;
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
