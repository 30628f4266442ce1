package dev.loopline.autoconfigure.shortway;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.accept.RequestedContentTypeResolver;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.ServerWebExchange;

/**
 * What is known of a method and a path without variables: its handler, if nothing else
 * decides but the types that a request accepts. Safe for use by many threads.
 */
final class RememberedRoute {

	/** Requests that accept something else than so many others are not remembered. */
	private static final int MAX_ACCEPTED = 64;

	private static final Accepted ANYTHING = new Accepted(List.of(), List.of());

	private final boolean decided;

	private final @Nullable RequestedContentTypeResolver resolver;

	private final Map<Accepted, Match> matches = new ConcurrentHashMap<>();

	private RememberedRoute(boolean decided, @Nullable RequestedContentTypeResolver resolver) {
		this.decided = decided;
		this.resolver = resolver;
	}

	/**
	 * Returns what decides for a path among all routes.
	 */
	static RememberedRoute of(String path, Set<RequestMappingInfo> routes, RequestedContentTypeResolver resolver) {
		boolean decided = true;
		boolean acceptedDecides = false;
		for (RequestMappingInfo route : routes) {
			if (route.getDirectPaths().contains(path)) {
				decided &= route.getParamsCondition().isEmpty() && route.getHeadersCondition().isEmpty()
						&& route.getConsumesCondition().isEmpty() && route.getVersionCondition().isEmpty()
						&& route.getCustomCondition() == null;
				acceptedDecides |= !route.getProducesCondition().isEmpty();
			}
		}
		return new RememberedRoute(decided, (acceptedDecides) ? resolver : null);
	}

	/**
	 * Returns the match of a request, or null if Spring has to find it.
	 */
	@Nullable Match find(ServerWebExchange exchange) {
		if (!this.decided) {
			return null;
		}
		Accepted accepted = accepted(exchange);
		return (accepted != null) ? this.matches.get(accepted) : null;
	}

	/**
	 * Takes note of a match that Spring has found, where the same will be found again.
	 */
	void remember(ServerWebExchange exchange, RequestMappingInfo info, HandlerMethod handler) {
		if (!this.decided || this.matches.size() >= MAX_ACCEPTED) {
			return;
		}
		Accepted accepted = accepted(exchange);
		if (accepted != null) {
			this.matches.put(accepted.copy(), new Match(info, handler));
		}
	}

	/**
	 * Returns both what the header says and what the mapping takes it for: a route that
	 * was registered by hand may read it in another way.
	 */
	private @Nullable Accepted accepted(ServerWebExchange exchange) {
		if (this.resolver == null) {
			return ANYTHING;
		}
		try {
			List<String> header = exchange.getRequest().getHeaders().get(HttpHeaders.ACCEPT);
			return new Accepted((header != null) ? header : List.of(), this.resolver.resolveMediaTypes(exchange));
		}
		catch (NotAcceptableStatusException ex) {
			return null;
		}
	}

	record Match(RequestMappingInfo info, HandlerMethod handler) {
	}

	private record Accepted(List<String> header, List<MediaType> types) {

		Accepted copy() {
			return new Accepted(List.copyOf(this.header), List.copyOf(this.types));
		}

	}

}
