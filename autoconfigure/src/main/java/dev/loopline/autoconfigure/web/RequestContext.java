package dev.loopline.autoconfigure.web;

import java.net.InetSocketAddress;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.pattern.PathPattern;

import dev.loopline.autoconfigure.reactor.BlockingVeto;
import dev.loopline.autoconfigure.reactor.ContinuedWork;
import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.stall.Stall;
import dev.loopline.runtime.stall.WorkDescription;

/**
 * Describes the request that a strand handles: template of the route, handler and peer,
 * but nothing that a client wrote. It tells the slow routes when the request stalls, and
 * how it went at its end. Safe for use by many threads.
 */
final class RequestContext implements BlockingVeto, ContinuedWork {

	private final ServerHttpRequest request;

	private final Strand strand;

	private final SlowRoutes slowRoutes;

	private final SlowRoutes continuations;

	private final ManagementPath management;

	private final @Nullable AnswerGate gate;

	/** How often the strand had blocked a worker when this began. */
	private final int blockedBefore;

	/** Whether the thread that stalled was loading a class, if one has. */
	private volatile boolean loading;

	/** Known as soon as the request is dispatched. */
	private volatile @Nullable ServerWebExchange exchange;

	/** Written by the strand. */
	private volatile @Nullable RequestContinuation continuation;

	RequestContext(ServerHttpRequest request, Strand strand, SlowRoutes slowRoutes, SlowRoutes continuations,
			ManagementPath management) {
		this.request = request;
		this.strand = strand;
		this.slowRoutes = slowRoutes;
		this.continuations = continuations;
		this.management = management;
		StrandHttpRequest own = StrandHttpRequest.in(request);
		this.gate = (own != null) ? own.exchange().gate() : AnswerGate.of(request);
		this.blockedBefore = StrandInstrumentation.handoffs(strand, Stall.Kind.BLOCKING);
	}

	/**
	 * Shows the exchange. The first one counts: a strand may do something for others,
	 * too, whose exchange comes after that of its own request.
	 */
	void setExchange(ServerWebExchange exchange) {
		if (this.exchange == null) {
			this.exchange = exchange;
		}
	}

	/**
	 * Ends the request: its strand forgets it, and slow routes learn from it. Does
	 * nothing if another request of the same connection has begun.
	 * @param cancelled whether it did not get to its end
	 */
	void release(boolean cancelled) {
		RequestContinuation continuation = this.continuation;
		if (continuation != null) {
			continuation.release(this, cancelled);
		}
		if (StrandInstrumentation.context(this.strand) != this) {
			return;
		}
		StrandInstrumentation.setContext(this.strand, null);
		if (hasStalled()) {
			if (!this.loading) {
				learn(); // perhaps it was not dispatched yet when it did
			}
		}
		else if (!this.slowRoutes.isEmpty()) {
			this.slowRoutes.compare(this.request, pattern());
		}
	}

	@Override
	public void stalled(Stall.Kind kind, boolean loading) {
		this.loading = loading;
		if (kind == Stall.Kind.BLOCKING || StrandHttpRequest.in(this.request) != null) {
			learn();
		}
	}

	private void learn() {
		if (!isBlameless()) {
			this.slowRoutes.learn(this.request, pattern(), this.strand, this.loading);
		}
	}

	/**
	 * Returns whether the request blocked the worker that it began on. Whether it used
	 * the processor for too long is asked only if it had a strand of its own: that of a
	 * connection remembers it for itself, and on a crowded machine anybody can look as if
	 * he did.
	 */
	private boolean hasStalled() {
		return StrandInstrumentation.handoffs(this.strand, Stall.Kind.BLOCKING) != this.blockedBefore
				|| StrandInstrumentation.handoffs(this.strand, Stall.Kind.BURNING) > 0
						&& StrandHttpRequest.in(this.request) != null;
	}

	/**
	 * Returns whether the request is for the actuator: by its path, or by its handler
	 * where an endpoint has a path of its own.
	 */
	@Override
	public boolean isBlameless() {
		return this.management.contains(this.request.getPath().value())
				|| attributes().get(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE) instanceof HandlerMethod handler
						&& isEndpoint(handler.getBeanType().getName());
	}

	private static boolean isEndpoint(String handler) {
		return handler.startsWith("org.springframework.boot.") && handler.contains(".actuate.");
	}

	@Override
	public Strand newStrand(TaskRuntime runtime) {
		return lasting().newStrand(runtime);
	}

	@Override
	public void continueOn(Strand strand) {
		lasting().continueOn(strand);
	}

	@Override
	public RequestContinuation lasting() {
		RequestContinuation continuation = this.continuation;
		if (continuation == null) {
			continuation = new RequestContinuation(this, this.continuations);
			this.continuation = continuation;
		}
		return continuation;
	}

	ServerHttpRequest request() {
		return this.request;
	}

	/**
	 * Returns what somebody may answer through in place of the handler.
	 */
	@Nullable AnswerGate gate() {
		return this.gate;
	}

	@Override
	public boolean isWaitInVain() {
		StrandHttpRequest own = StrandHttpRequest.in(this.request);
		return own != null && own.exchange().isWaitInVain();
	}

	@Override
	public WorkDescription describe() {
		Map<String, Object> attributes = attributes();
		return new WorkDescription(connection(), route(attributes), handler(attributes));
	}

	@Override
	public String toString() {
		WorkDescription work = describe();
		return ((work.route() != null) ? work.route() : "A request") + " from " + work.connection();
	}

	private Map<String, Object> attributes() {
		ServerWebExchange exchange = this.exchange;
		return (exchange != null) ? exchange.getAttributes() : Map.of();
	}

	@Nullable PathPattern pattern() {
		return (pattern(attributes()) instanceof PathPattern pattern) ? pattern : null;
	}

	private @Nullable String connection() {
		InetSocketAddress address = this.request.getRemoteAddress();
		return (address != null) ? address.getHostString() + ":" + address.getPort() : null;
	}

	private @Nullable String route(Map<String, Object> attributes) {
		Object pattern = pattern(attributes);
		return (pattern != null) ? this.request.getMethod() + " " + pattern : null;
	}

	private static @Nullable Object pattern(Map<String, Object> attributes) {
		Object pattern = attributes.get(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
		return (pattern != null) ? pattern : attributes.get(RouterFunctions.MATCHING_PATTERN_ATTRIBUTE);
	}

	private static @Nullable String handler(Map<String, Object> attributes) {
		Object handler = attributes.get(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE);
		if (handler instanceof HandlerMethod) {
			return handler.toString();
		}
		return (handler != null) ? handler.getClass().getName() : null;
	}

}
