package dev.loopline.autoconfigure.web;

import java.net.InetSocketAddress;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.server.ServerWebExchange;

import dev.loopline.runtime.StrandContext;
import dev.loopline.runtime.StrandDescription;

/**
 * Describes the request that a strand handles: template of the route, handler and peer,
 * but nothing that a client wrote. Safe for use by many threads.
 */
final class RequestContext implements StrandContext {

	private final ServerHttpRequest request;

	/** Known as soon as the request is dispatched. */
	private volatile @Nullable ServerWebExchange exchange;

	RequestContext(ServerHttpRequest request) {
		this.request = request;
	}

	void setExchange(ServerWebExchange exchange) {
		this.exchange = exchange;
	}

	@Override
	public StrandDescription describe() {
		ServerWebExchange exchange = this.exchange;
		Map<String, Object> attributes = (exchange != null) ? exchange.getAttributes() : Map.of();
		return new StrandDescription(connection(), route(attributes), handler(attributes));
	}

	private @Nullable String connection() {
		InetSocketAddress address = this.request.getRemoteAddress();
		return (address != null) ? address.getHostString() + ":" + address.getPort() : null;
	}

	private @Nullable String route(Map<String, Object> attributes) {
		Object pattern = attributes.get(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
		if (pattern == null) {
			pattern = attributes.get(RouterFunctions.MATCHING_PATTERN_ATTRIBUTE);
		}
		return (pattern != null) ? this.request.getMethod() + " " + pattern : null;
	}

	private static @Nullable String handler(Map<String, Object> attributes) {
		Object handler = attributes.get(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE);
		if (handler instanceof HandlerMethod) {
			return handler.toString();
		}
		return (handler != null) ? handler.getClass().getName() : null;
	}

}
