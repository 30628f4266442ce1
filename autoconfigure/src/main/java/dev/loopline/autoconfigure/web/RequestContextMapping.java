package dev.loopline.autoconfigure.web;

import org.springframework.core.Ordered;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;

/**
 * A {@link HandlerMapping} that comes first, maps nothing, and shows the exchange to the
 * strand's context: the others write route and handler into it. A filter could do so too,
 * at the cost of two more operators per request.
 */
final class RequestContextMapping implements HandlerMapping, Ordered {

	@Override
	public Mono<Object> getHandler(ServerWebExchange exchange) {
		Strand strand = Strand.current();
		RequestContext request = (strand != null) ? RequestContinuation.requestOf(StrandInstrumentation.context(strand))
				: null;
		if (request != null) {
			request.setExchange(exchange);
		}
		return Mono.empty();
	}

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

}
