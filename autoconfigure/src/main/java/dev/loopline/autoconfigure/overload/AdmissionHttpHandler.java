package dev.loopline.autoconfigure.overload;

import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;

import dev.loopline.autoconfigure.web.CrossOriginHeaders;

/**
 * Refuses requests before anything else is done for them. Safe for use by many threads.
 */
final class AdmissionHttpHandler implements HttpHandler {

	private final HttpHandler delegate;

	private final Admission admission;

	private final CrossOriginHeaders crossOrigin;

	AdmissionHttpHandler(HttpHandler delegate, Admission admission, CrossOriginHeaders crossOrigin) {
		this.delegate = delegate;
		this.admission = admission;
		this.crossOrigin = crossOrigin;
	}

	@Override
	public Mono<Void> handle(ServerHttpRequest request, ServerHttpResponse response) {
		return this.admission.admits(request) ? this.delegate.handle(request, response)
				: this.crossOrigin.write(request, response, () -> OverloadAnswer.write(response));
	}

}
