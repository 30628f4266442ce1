package dev.loopline.autoconfigure.shortway;

import java.util.ArrayList;
import java.util.List;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.context.ApplicationContext;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.http.HttpStatus;
import org.springframework.web.cors.reactive.CorsUtils;
import org.springframework.web.reactive.DispatchExceptionHandler;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.reactive.HandlerAdapter;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.HandlerResult;
import org.springframework.web.reactive.HandlerResultHandler;
import org.springframework.web.reactive.function.server.support.RouterFunctionMapping;
import org.springframework.web.reactive.result.method.RequestMappingInfoHandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;

/**
 * Finds the handler of a request, calls it and has its result written, with the parts of
 * a {@link DispatcherHandler} and as it does.
 */
final class Dispatch implements WebHandler {

	/** By name: it belongs to the actuator, which may be absent. */
	private static final String HEALTH_PATHS = "org.springframework.boot.webflux.actuate.endpoint.web.AdditionalHealthEndpointPathsWebFluxHandlerMapping";

	private final DispatcherHandler dispatcher;

	final List<HandlerMapping> mappings;

	private final List<HandlerAdapter> adapters;

	private final List<DispatchExceptionHandler> exceptionHandlers = new ArrayList<>();

	private final List<HandlerResultHandler> resultHandlers;

	final ResultBodies bodies;

	private final FunctionalResults functional;

	/**
	 * The dispatcher shows its mappings only; the others are found as it found them.
	 */
	Dispatch(DispatcherHandler dispatcher, List<HandlerMapping> mappings, ApplicationContext context) {
		this.dispatcher = dispatcher;
		this.mappings = mappings;
		this.adapters = sorted(context, HandlerAdapter.class);
		this.resultHandlers = sorted(context, HandlerResultHandler.class);
		this.bodies = new ResultBodies(this.resultHandlers);
		this.functional = new FunctionalResults(this.resultHandlers);
		for (HandlerAdapter adapter : this.adapters) {
			if (adapter instanceof DispatchExceptionHandler exceptionHandler) {
				this.exceptionHandlers.add(exceptionHandler);
			}
		}
	}

	/**
	 * Returns whether a context is the one of a dispatcher with these mappings.
	 */
	static boolean hasMappings(ApplicationContext context, List<HandlerMapping> mappings) {
		return sorted(context, HandlerMapping.class).equals(mappings);
	}

	private static <T> List<T> sorted(ApplicationContext context, Class<T> type) {
		List<T> beans = new ArrayList<>(
				BeanFactoryUtils.beansOfTypeIncludingAncestors(context, type, true, false).values());
		AnnotationAwareOrderComparator.sort(beans);
		return beans;
	}

	/**
	 * Returns whether a mapping has nothing to map, as Spring Boot's of additional paths
	 * of health groups and Spring's of functional routes where there are none.
	 */
	static boolean isEmpty(HandlerMapping mapping) {
		if (mapping.getClass() == RouterFunctionMapping.class) {
			return ((RouterFunctionMapping) mapping).getRouterFunction() == null;
		}
		return mapping instanceof RequestMappingInfoHandlerMapping methods
				&& mapping.getClass().getName().equals(HEALTH_PATHS) && methods.getHandlerMethods().isEmpty();
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange) {
		if (CorsUtils.isPreFlightRequest(exchange.getRequest())) {
			return this.dispatcher.handlePreFlight(exchange);
		}
		return new DispatchedExchange(this, exchange);
	}

	/**
	 * Spring's way, for those who ask something of its operators.
	 */
	Mono<Void> handleWithOperators(ServerWebExchange exchange) {
		return this.dispatcher.handle(exchange);
	}

	/**
	 * Calls a handler.
	 */
	Mono<HandlerResult> call(ServerWebExchange exchange, Object handler) {
		if (HttpStatus.FORBIDDEN.equals(exchange.getResponse().getStatusCode())) {
			return Mono.empty(); // by CORS
		}
		for (HandlerAdapter adapter : this.adapters) {
			if (adapter.supports(handler)) {
				return adapter.handle(exchange, handler);
			}
		}
		throw new IllegalStateException("No HandlerAdapter: " + handler);
	}

	/**
	 * Writes a result.
	 */
	Mono<Void> write(ServerWebExchange exchange, HandlerResult result) {
		Mono<Void> writing = this.functional.write(exchange, result.getReturnValue());
		if (writing != null) {
			return writing;
		}
		for (HandlerResultHandler handler : this.resultHandlers) {
			if (handler.supports(result)) {
				return handler.handleResult(exchange, result);
			}
		}
		return Mono.error(new IllegalStateException("No HandlerResultHandler for " + result.getReturnValue()));
	}

	/**
	 * Lets the adapters answer an error of mapping or handling.
	 */
	Mono<HandlerResult> answer(ServerWebExchange exchange, Throwable failure) {
		Mono<HandlerResult> result = Mono.error(failure);
		for (DispatchExceptionHandler handler : this.exceptionHandlers) {
			result = result.onErrorResume((ex) -> handler.handleError(exchange, ex));
		}
		return result;
	}

	/**
	 * Lets the one that a result names answer an error of writing it.
	 */
	Mono<Void> answer(ServerWebExchange exchange, HandlerResult result, Throwable failure) {
		Mono<Void> traced = traced(Mono.error(failure), "Handler " + result.getHandler());
		DispatchExceptionHandler handler = result.getExceptionHandler();
		if (handler == null) {
			return traced;
		}
		return traced.onErrorResume((ex) -> handler.handleError(exchange, ex)
			.flatMap((answer) -> traced(write(exchange, answer),
					"Exception handler " + answer.getHandler() + ", error=\"" + ex.getMessage() + "\"")));
	}

	private static Mono<Void> traced(Mono<Void> writing, String description) {
		return writing.checkpoint(description + " [DispatcherHandler]");
	}

}
