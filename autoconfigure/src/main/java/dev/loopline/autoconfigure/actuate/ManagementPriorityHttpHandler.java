package dev.loopline.autoconfigure.actuate;

import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;

import dev.loopline.runtime.Priority;
import dev.loopline.runtime.Strand;

/**
 * Gives connections priority for as long as they ask for what lies under the path of the
 * actuator. Safe for use by many threads.
 */
final class ManagementPriorityHttpHandler implements HttpHandler {

	private final HttpHandler delegate;

	private final String path;

	private final String prefix;

	ManagementPriorityHttpHandler(HttpHandler delegate, String path) {
		this.delegate = delegate;
		this.path = path;
		this.prefix = path + "/";
	}

	@Override
	public Mono<Void> handle(ServerHttpRequest request, ServerHttpResponse response) {
		Strand strand = Strand.current();
		if (strand != null) {
			strand.setPriority(isManagement(request.getPath().value()) ? Priority.HIGH : Priority.NORMAL);
		}
		return this.delegate.handle(request, response);
	}

	private boolean isManagement(String path) {
		return path.startsWith(this.path) && (path.length() == this.path.length() || path.startsWith(this.prefix));
	}

}
