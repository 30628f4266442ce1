package dev.loopline.autoconfigure.limits;

import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;

import dev.loopline.layers.LayerException;
import dev.loopline.layers.LayerTimeoutException;

/**
 * Answers for a handler that lets the refusal of a layer pass, such as that of a client
 * that it has called: whatever it was, it was not a fault of this server's code.
 */
final class LayerExceptionHandler implements WebExceptionHandler {

	@Override
	public Mono<Void> handle(ServerWebExchange exchange, Throwable error) {
		ServerHttpResponse response = exchange.getResponse();
		if (!(error instanceof LayerException ex) || response.isCommitted()) {
			return Mono.error(error);
		}
		return (ex instanceof LayerTimeoutException) ? LimitAnswer.TIMED_OUT.write(response, null)
				: LimitAnswer.OVERLOADED.write(response, ex.retryAfter());
	}

}
