package dev.loopline.autoconfigure.actuate;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.webflux.actuate.endpoint.web.WebFluxEndpointHandlerMapping;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.http.server.PathContainer;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import dev.loopline.autoconfigure.shortway.CandidateMappings;

/**
 * Finds the handler of a request whose path cannot be an endpoint's, without asking the
 * mapping of the endpoints. That one is asked before the application's, and compares a
 * request with the methods and media types of every endpoint before it looks at the path.
 * All other mappings are asked in their order. Safe for use by many threads.
 */
final class ApplicationHandlerMapping implements CandidateMappings, Ordered {

	private final String firstSegment;

	private final SingletonSupplier<List<HandlerMapping>> mappings;

	/**
	 * Creates a mapping.
	 * @param basePath the path of all endpoints
	 * @param beans where the other mappings are
	 */
	ApplicationHandlerMapping(PathContainer basePath, ListableBeanFactory beans) {
		this.firstSegment = firstSegment(basePath);
		this.mappings = SingletonSupplier.of(() -> mappingsAfterThis(beans));
	}

	@Override
	public Mono<Object> getHandler(ServerWebExchange exchange) {
		List<HandlerMapping> candidates = candidates(exchange);
		return (candidates != null)
				? Flux.fromIterable(candidates).concatMap((mapping) -> mapping.getHandler(exchange)).next()
				: Mono.empty();
	}

	@Override
	public @Nullable List<HandlerMapping> candidates(ServerWebExchange exchange) {
		String segment = firstSegment(exchange.getRequest().getPath().pathWithinApplication());
		return (this.firstSegment.isEmpty() || segment.equals(this.firstSegment)) ? null : mappings();
	}

	/**
	 * Returns the first segment without its parameters, as patterns compare it.
	 */
	private static String firstSegment(PathContainer path) {
		for (PathContainer.Element element : path.elements()) {
			if (element instanceof PathContainer.PathSegment segment) {
				return segment.valueToMatch();
			}
		}
		return "";
	}

	/** Those who come first at the same time wait for one of them. */
	private List<HandlerMapping> mappings() {
		return this.mappings.obtain();
	}

	/**
	 * Returns what a {@code DispatcherHandler} asks after this mapping, in its order.
	 */
	private List<HandlerMapping> mappingsAfterThis(ListableBeanFactory beans) {
		List<HandlerMapping> mappings = new ArrayList<>(
				BeanFactoryUtils.beansOfTypeIncludingAncestors(beans, HandlerMapping.class, true, false).values());
		AnnotationAwareOrderComparator.sort(mappings);
		mappings.subList(0, mappings.indexOf(this) + 1).clear();
		mappings.removeIf(WebFluxEndpointHandlerMapping.class::isInstance);
		return List.copyOf(mappings);
	}

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE + 1;
	}

}
