package dev.loopline.autoconfigure.web;

import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;

import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;

/**
 * Tells the strand that runs it which request it handles. Safe for use by many threads.
 */
final class RequestContextHttpHandler implements HttpHandler {

	private final HttpHandler delegate;

	private final SlowRoutes slowRoutes;

	private final SlowRoutes continuations;

	private final ManagementPath management;

	RequestContextHttpHandler(HttpHandler delegate, SlowRoutes slowRoutes, ManagementPath management) {
		this.delegate = delegate;
		this.slowRoutes = slowRoutes;
		this.continuations = slowRoutes.forContinuations();
		this.management = management;
	}

	@Override
	public Mono<Void> handle(ServerHttpRequest request, ServerHttpResponse response) {
		Strand strand = Strand.current();
		if (strand == null) {
			return this.delegate.handle(request, response);
		}
		RequestContext context = new RequestContext(request, strand, this.slowRoutes, this.continuations,
				this.management);
		StrandInstrumentation.setContext(strand, context);
		return new ContextReleasingMono(this.delegate.handle(request, response), context);
	}

}
