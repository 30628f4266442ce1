package dev.loopline.autoconfigure.limits;

import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;

import dev.loopline.autoconfigure.web.CrossOriginHeaders;

/**
 * Keeps requests within the limits of their routes, before they have a strand or a
 * thread. Safe for use by many threads.
 */
final class LimitHttpHandler implements HttpHandler {

	/*-
	 * Why here
	 * --------
	 * A filter would begin too late and end too early. It runs where the handler does, so a request that waits would
	 * keep the thread for blocking work that its route has; its end is not the end of the exchange, as errors are
	 * handled and the answer is completed around it; and it cannot answer for a handler that keeps the thread. What it
	 * would know more, the handler, is known by path and method before: see HandlerLimits. Only the user is not, whose
	 * rate is looked at behind all filters: see PrincipalRateFilter.
	 */

	private final HttpHandler delegate;

	private final LimitTable limits;

	private final CrossOriginHeaders crossOrigin;

	LimitHttpHandler(HttpHandler delegate, LimitTable limits, CrossOriginHeaders crossOrigin) {
		this.delegate = delegate;
		this.limits = limits;
		this.crossOrigin = crossOrigin;
	}

	@Override
	public Mono<Void> handle(ServerHttpRequest request, ServerHttpResponse response) {
		Route route = this.limits.find(request);
		return (route != null && !CrossOriginHeaders.isPreFlight(request))
				? route.handle(new LimitedExchange(request, response, this.delegate, this.crossOrigin))
				: this.delegate.handle(request, response);
	}

}
