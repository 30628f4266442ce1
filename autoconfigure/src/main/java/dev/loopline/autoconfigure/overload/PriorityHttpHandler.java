package dev.loopline.autoconfigure.overload;

import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;

import dev.loopline.autoconfigure.web.RequestChannel;
import dev.loopline.runtime.Priority;
import dev.loopline.runtime.Strand;

/**
 * Lets connections go first for as long as they ask for the actuator, a probe, or
 * something critical. Of connections that many requests share it is the strands of these.
 * Safe for use by many threads.
 */
final class PriorityHttpHandler implements HttpHandler {

	private final HttpHandler delegate;

	private final RequestClasses classes;

	PriorityHttpHandler(HttpHandler delegate, RequestClasses classes) {
		this.delegate = delegate;
		this.classes = classes;
	}

	@Override
	public Mono<Void> handle(ServerHttpRequest request, ServerHttpResponse response) {
		Strand strand = Strand.current();
		if (strand == null) {
			return this.delegate.handle(request, response);
		}
		Priority before = strand.priority();
		strand.setPriority(this.classes.goesFirst(request) ? Priority.HIGH : Priority.NORMAL);
		try {
			return this.delegate.handle(request, response);
		}
		finally {
			if (RequestChannel.isStream(request)) {
				strand.setPriority(before); // many share it: the request's own strand has
											// it now
			}
		}
	}

}
