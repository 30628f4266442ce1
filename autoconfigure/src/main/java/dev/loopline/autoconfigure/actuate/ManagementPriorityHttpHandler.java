package dev.loopline.autoconfigure.actuate;

import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;

import dev.loopline.autoconfigure.web.ManagementPath;
import dev.loopline.runtime.Priority;
import dev.loopline.runtime.Strand;

/**
 * Gives connections priority for as long as they ask for what lies under the path of the
 * actuator. Safe for use by many threads.
 */
final class ManagementPriorityHttpHandler implements HttpHandler {

	private final HttpHandler delegate;

	private final ManagementPath path;

	ManagementPriorityHttpHandler(HttpHandler delegate, ManagementPath path) {
		this.delegate = delegate;
		this.path = path;
	}

	@Override
	public Mono<Void> handle(ServerHttpRequest request, ServerHttpResponse response) {
		Strand strand = Strand.current();
		if (strand != null) {
			strand.setPriority(this.path.contains(request.getPath().value()) ? Priority.HIGH : Priority.NORMAL);
		}
		return this.delegate.handle(request, response);
	}

}
