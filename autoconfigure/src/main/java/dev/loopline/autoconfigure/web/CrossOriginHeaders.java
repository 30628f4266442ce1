package dev.loopline.autoconfigure.web;

import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.cors.reactive.CorsUtils;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.adapter.DefaultServerWebExchange;
import org.springframework.web.server.i18n.AcceptHeaderLocaleContextResolver;
import org.springframework.web.server.i18n.LocaleContextResolver;
import org.springframework.web.server.session.DefaultWebSessionManager;
import org.springframework.web.server.session.WebSessionManager;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Lets a page of another origin read an answer that a request gets before it reaches what
 * would allow that: a filter, or the mapping to its handler. Without these headers a
 * browser shows neither status nor {@code Retry-After}. Safe for use by many threads.
 */
public final class CrossOriginHeaders {

	/** Allows nothing. */
	public static final CrossOriginHeaders NONE = new CrossOriginHeaders(UnaryOperator.identity(),
			(exchange) -> Flux.empty(), List::of);

	private final WebSessionManager sessions = new DefaultWebSessionManager();

	private final ServerCodecConfigurer codecs = ServerCodecConfigurer.create();

	private final LocaleContextResolver locales = new AcceptHeaderLocaleContextResolver();

	private final UnaryOperator<ServerHttpRequest> forwarded;

	private final Filters filters;

	private final Supplier<List<HandlerMapping>> mappings;

	CrossOriginHeaders(UnaryOperator<ServerHttpRequest> forwarded, Filters filters,
			Supplier<List<HandlerMapping>> mappings) {
		this.forwarded = forwarded;
		this.filters = filters;
		this.mappings = mappings;
	}

	/**
	 * Returns whether a request is a browser's question, which its page's request
	 * follows. No handler gets to see it.
	 * @param request the request
	 * @return whether it is one
	 */
	public static boolean isPreFlight(ServerHttpRequest request) {
		return CorsUtils.isPreFlightRequest(request);
	}

	/**
	 * Writes an answer, with the headers that the request's own answer would have.
	 * @param request the request
	 * @param response its response, whose status is set afterwards
	 * @param answer writes it
	 * @return the end of the answer
	 */
	public Mono<Void> write(ServerHttpRequest request, ServerHttpResponse response, Supplier<Mono<Void>> answer) {
		return (request.getHeaders().getOrigin() == null) ? answer.get()
				: add(request, response).then(Mono.defer(answer));
	}

	private Mono<Void> add(ServerHttpRequest request, ServerHttpResponse response) {
		return Mono.defer(() -> {
			// Not itself: its attributes are of the exchange that there may be
			ServerWebExchange exchange = new DefaultServerWebExchange(
					this.forwarded.apply(new ServerHttpRequestDecorator(request)), response, this.sessions, this.codecs,
					this.locales);
			return this.filters.find(exchange)
				.concatMap((filter) -> filter.filter(exchange, (end) -> Mono.empty()))
				.thenMany(Flux.defer(() -> Flux.fromIterable(isAllowed(response) ? List.of() : this.mappings.get())))
				.concatMap((mapping) -> mapping.getHandler(exchange))
				.next()
				.then();
		}).onErrorComplete(); // there is no such handler, or none for that
	}

	/** By a filter, which costs less than to look for the handler. */
	private static boolean isAllowed(ServerHttpResponse response) {
		return response.getHeaders().getAccessControlAllowOrigin() != null;
	}

	/**
	 * Those that do nothing but allow.
	 */
	interface Filters {

		Flux<WebFilter> find(ServerWebExchange exchange);

	}

}
