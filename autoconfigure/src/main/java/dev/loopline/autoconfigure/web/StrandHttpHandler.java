package dev.loopline.autoconfigure.web;

import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * An {@link HttpHandler} that moves some requests away from the strand of their
 * connection. Safe for use by many threads.
 */
final class StrandHttpHandler implements HttpHandler {

	private final HttpHandler delegate;

	private final StrandAssignment strands;

	StrandHttpHandler(HttpHandler delegate, StrandAssignment strands) {
		this.delegate = delegate;
		this.strands = strands;
	}

	@Override
	public Mono<Void> handle(ServerHttpRequest request, ServerHttpResponse response) {
		RequestStrand own = this.strands.strandFor(request);
		if (own != null) {
			return new Handling(own, request, response);
		}
		ConnectionExchanges before = this.strands.before(request);
		return (before != null) ? before.idle().then(Mono.defer(() -> this.delegate.handle(request, response)))
				: this.delegate.handle(request, response);
	}

	/**
	 * The handling of one request on a strand of its own.
	 */
	private final class Handling extends Mono<Void> {

		private final RequestStrand own;

		private final ServerHttpRequest request;

		private final ServerHttpResponse response;

		Handling(RequestStrand own, ServerHttpRequest request, ServerHttpResponse response) {
			this.own = own;
			this.request = request;
			this.response = response;
		}

		@Override
		public void subscribe(CoreSubscriber<? super Void> server) {
			StrandExchange exchange = new StrandExchange(this.own, StrandHttpHandler.this.delegate, this.request,
					this.response, server);
			server.onSubscribe(exchange);
			exchange.begin();
		}

	}

}
