package dev.loopline.autoconfigure.shortway;

import java.lang.reflect.Method;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.web.accept.ApiVersionHolder;
import org.springframework.web.cors.reactive.CorsUtils;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.result.condition.PatternsRequestCondition;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.pattern.PathPattern;
import reactor.core.publisher.Mono;

/**
 * Spring's mapping of controllers, which remembers the handler of a path without
 * variables where nothing but method, path and accepted types decide. There are at most
 * as many of them as the application has such routes. Safe for use by many threads.
 */
final class RememberingHandlerMapping extends RequestMappingHandlerMapping {

	private final Map<HttpMethod, Map<String, RememberedRoute>> remembered = Map.of(HttpMethod.GET,
			new ConcurrentHashMap<>(), HttpMethod.POST, new ConcurrentHashMap<>(), HttpMethod.PUT,
			new ConcurrentHashMap<>(), HttpMethod.PATCH, new ConcurrentHashMap<>(), HttpMethod.DELETE,
			new ConcurrentHashMap<>());

	@Override
	public Mono<Object> getHandler(ServerWebExchange exchange) {
		RememberedRoute.Match match = find(exchange);
		if (match == null || this.logger.isDebugEnabled() || hasCorsConfigurationSource(match.handler())
				|| getApiVersionStrategy() != null || CorsUtils.isPreFlightRequest(exchange.getRequest())) {
			return super.getHandler(exchange);
		}
		Map<String, Object> attributes = exchange.getAttributes();
		attributes.put(API_VERSION_ATTRIBUTE, ApiVersionHolder.EMPTY);
		attributes.remove(PRODUCIBLE_MEDIA_TYPES_ATTRIBUTE);
		super.handleMatch(match.info(), match.handler(), exchange);
		return Mono.just(match.handler().createWithResolvedBean());
	}

	RememberedRoute.@Nullable Match find(ServerWebExchange exchange) {
		Map<String, RememberedRoute> routes = this.remembered.get(exchange.getRequest().getMethod());
		RememberedRoute route = (routes != null) ? routes.get(path(exchange)) : null;
		return (route != null) ? route.find(exchange) : null;
	}

	private static String path(ServerWebExchange exchange) {
		return exchange.getRequest().getPath().pathWithinApplication().value();
	}

	/**
	 * Called while nothing can be registered, so what is remembered here is forgotten
	 * after whatever changes it.
	 */
	@Override
	protected void handleMatch(RequestMappingInfo info, HandlerMethod handler, ServerWebExchange exchange) {
		super.handleMatch(info, handler, exchange);
		Map<String, RememberedRoute> routes = this.remembered.get(exchange.getRequest().getMethod());
		String path = path(exchange);
		if (routes == null || !isPath(info.getPatternsCondition(), path)
				|| CorsUtils.isPreFlightRequest(exchange.getRequest())) {
			return;
		}
		routes
			.computeIfAbsent(path,
					(added) -> RememberedRoute.of(path, getHandlerMethods().keySet(), getContentTypeResolver()))
			.remember(exchange, info, handler);
	}

	private static boolean isPath(PatternsRequestCondition matched, String path) {
		Iterator<PathPattern> patterns = matched.getPatterns().iterator();
		if (!patterns.hasNext()) {
			return false;
		}
		PathPattern best = patterns.next();
		return best.getPatternString().equals(path) && !best.hasPatternSyntax();
	}

	@Override
	public void registerMapping(RequestMappingInfo mapping, Object handler, Method method) {
		super.registerMapping(mapping, handler, method);
		forget();
	}

	@Override
	protected void registerHandlerMethod(Object handler, Method method, RequestMappingInfo mapping) {
		super.registerHandlerMethod(handler, method, mapping);
		forget();
	}

	@Override
	public void unregisterMapping(RequestMappingInfo mapping) {
		super.unregisterMapping(mapping);
		forget();
	}

	private void forget() {
		this.remembered.values().forEach(Map::clear);
	}

}
