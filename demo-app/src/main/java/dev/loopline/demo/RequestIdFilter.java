package dev.loopline.demo;

import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Repeats the request's {@code X-Request-Id} in the response, reduced to at most 128
 * visible ASCII characters.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class RequestIdFilter implements WebFilter {

	static final String HEADER = "X-Request-Id";

	private static final int MAX_LENGTH = 128;

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		String id = sanitize(exchange.getRequest().getHeaders().getFirst(HEADER));
		if (!id.isEmpty()) {
			exchange.getResponse().getHeaders().set(HEADER, id);
		}
		return chain.filter(exchange);
	}

	static String sanitize(@Nullable String id) {
		if (id == null) {
			return "";
		}
		String visible = id.replaceAll("[^!-~]", "");
		return visible.substring(0, Math.min(visible.length(), MAX_LENGTH));
	}

}
