package dev.loopline.autoconfigure.web;

import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import dev.loopline.runtime.Strand;

/**
 * An {@link HttpHandler} that moves some requests away from the strand of their
 * connection. Safe for use by many threads.
 */
final class StrandHttpHandler implements HttpHandler {

	/*-
	 * Three signals can run code of the application and must reach the request's strand: the
	 * subscription, the parts of the request's body (StrandHttpRequest), and the demand for parts of
	 * the response's body (StrandHttpResponse). Whatever is written goes back to the connection's strand,
	 * as Netty does that for every write from another thread. Cancellation reaches the handler at once, on
	 * the connection's strand: a client that goes away does not wait. Only the source of the response's
	 * body is cancelled on the request's strand, so that it does not lose what it is about to emit.
	 */

	private final HttpHandler delegate;

	private final RequestStrands strands;

	StrandHttpHandler(HttpHandler delegate, RequestStrands strands) {
		this.delegate = delegate;
		this.strands = strands;
	}

	@Override
	public Mono<Void> handle(ServerHttpRequest request, ServerHttpResponse response) {
		RequestStrand own = this.strands.strandFor(request);
		return (own != null) ? handleOn(own.strand(), request, response).doFinally(own)
				: this.delegate.handle(request, response);
	}

	private Mono<Void> handleOn(Strand strand, ServerHttpRequest request, ServerHttpResponse response) {
		return Mono
			.defer(() -> this.delegate.handle(new StrandHttpRequest(request, strand),
					new StrandHttpResponse(response, strand)))
			.subscribeOn(Schedulers.fromExecutor(strand));
	}

}
