package dev.loopline.autoconfigure.coroutines;

import org.springframework.core.Ordered;
import org.springframework.web.server.CoWebFilter;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

import dev.loopline.runtime.Strand;

/**
 * Tells Spring in which context to run the coroutines of a request: suspending handlers
 * and filters, and those of {@code coRouter}. Without one they go on on whatever thread
 * resumes them.
 */
final class StrandDispatcherFilter implements WebFilter, Ordered {

	/** Read while the context starts: no request waits for Kotlin's classes. */
	private static final String CONTEXT = CoWebFilter.COROUTINE_CONTEXT_ATTRIBUTE;

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		Strand strand = Strand.current();
		if (strand != null) {
			exchange.getAttributes().putIfAbsent(CONTEXT, new StrandDispatcher(strand));
		}
		return chain.filter(exchange);
	}

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

}
