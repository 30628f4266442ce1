package dev.loopline.autoconfigure.shortway;

import java.util.List;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebHandler;
import org.springframework.web.server.adapter.HttpWebHandlerAdapter;
import org.springframework.web.server.handler.DefaultWebFilterChain;
import org.springframework.web.server.handler.ExceptionHandlingWebHandler;
import org.springframework.web.server.handler.FilteringWebHandler;
import org.springframework.web.util.DisconnectedClientHelper;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;

/**
 * Spring's adapter, with a shorter way to the same answers. Requests take the long one
 * while something wants to see each operator of it: debug logging, hooks of Reactor, or
 * the propagation of context to thread-locals.
 */
final class ShortWayHttpHandler extends HttpWebHandlerAdapter {

	private static final Log logger = LogFactory.getLog(HttpWebHandlerAdapter.class);

	private static final DisconnectedClientHelper disconnectedClients = new DisconnectedClientHelper(
			"org.springframework.web.server.DisconnectedClient");

	private static final String OPERATOR = "reactor.core.publisher.MonoHide";

	private final List<WebExceptionHandler> exceptionHandlers;

	private final WebHandler handler;

	private ShortWayHttpHandler(HttpWebHandlerAdapter adapter, ExceptionHandlingWebHandler delegate,
			FilteringWebHandler filtering, DispatcherHandler dispatcher, List<HandlerMapping> mappings,
			ApplicationContext context) {
		super(delegate);
		this.exceptionHandlers = delegate.getExceptionHandlers();
		Dispatch dispatch = new Dispatch(dispatcher, mappings, context);
		List<WebFilter> filters = filtering.getFilters();
		this.handler = filters.isEmpty() ? dispatch : new DefaultWebFilterChain(dispatch, filters)::filter;
		setSessionManager(adapter.getSessionManager());
		setCodecConfigurer(adapter.getCodecConfigurer());
		setLocaleContextResolver(adapter.getLocaleContextResolver());
		setObservationRegistry(adapter.getObservationRegistry());
		setObservationConvention(adapter.getObservationConvention());
		setApplicationContext(context);
		Boolean escape = adapter.getDefaultHtmlEscape();
		if (escape != null) {
			setDefaultHtmlEscape(escape);
		}
	}

	/**
	 * Wraps a handler that is made of Spring's parts, each as Spring makes it, and leaves
	 * every other alone.
	 */
	static HttpHandler of(HttpHandler handler) {
		if (handler.getClass() == HttpWebHandlerAdapter.class && handler instanceof HttpWebHandlerAdapter adapter
				&& adapter.getForwardedHeaderTransformer() == null
				&& adapter.getDelegate() instanceof ExceptionHandlingWebHandler errors
				&& errors.getClass() == ExceptionHandlingWebHandler.class
				&& errors.getDelegate() instanceof FilteringWebHandler filtering
				&& filtering.getClass() == FilteringWebHandler.class
				&& filtering.getDelegate() instanceof DispatcherHandler dispatcher
				&& dispatcher.getClass() == DispatcherHandler.class) {
			List<HandlerMapping> mappings = dispatcher.getHandlerMappings();
			ApplicationContext context = adapter.getApplicationContext();
			if (mappings != null && context != null && Dispatch.hasMappings(context, mappings)) {
				return new ShortWayHttpHandler(adapter, errors, filtering, dispatcher, mappings, context);
			}
		}
		return handler;
	}

	@Override
	public Mono<Void> handle(ServerHttpRequest request, ServerHttpResponse response) {
		if (isWatched()) {
			return super.handle(request, response);
		}
		ServerWebExchange exchange = createExchange(request, response);
		ServerRequestObservationContext observed = new ServerRequestObservationContext(exchange.getRequest(),
				exchange.getResponse(), exchange.getAttributes());
		exchange.getAttributes().put(ServerRequestObservationContext.CURRENT_OBSERVATION_CONTEXT_ATTRIBUTE, observed);
		Boolean escape = getDefaultHtmlEscape();
		if (escape != null) {
			exchange.getAttributes().put(ServerWebExchange.HTML_ESCAPE_ATTRIBUTE, escape);
		}
		return new ServedExchange(this, exchange, observed);
	}

	/**
	 * Spring's way, for those who ask something of its operators.
	 */
	Mono<Void> handleWithOperators(ServerWebExchange exchange) {
		return super.handle(exchange.getRequest(), exchange.getResponse());
	}

	private static boolean isWatched() {
		return logger.isDebugEnabled() || Hooks.isAutomaticContextPropagationEnabled()
				|| !Mono.never().hide().getClass().getName().equals(OPERATOR);
	}

	ExchangeObservation observe(ServerRequestObservationContext observed) {
		return new ExchangeObservation(observed, getObservationConvention(), getObservationRegistry());
	}

	/**
	 * Filters and handler.
	 */
	Mono<Void> filterAndHandle(ServerWebExchange exchange) {
		return this.handler.handle(exchange);
	}

	/**
	 * What the application's exception handlers make of an error.
	 */
	Mono<Void> answer(ServerWebExchange exchange, Throwable failure) {
		Mono<Void> completion = Mono.error(failure);
		for (WebExceptionHandler handler : this.exceptionHandlers) {
			completion = completion.doOnError(
					(error) -> exchange.getAttributes().put(ExceptionHandlingWebHandler.HANDLED_WEB_EXCEPTION, error))
				.onErrorResume((error) -> handler.handle(exchange, error));
		}
		return completion;
	}

	/**
	 * What is left of an error that nobody has answered: nothing if its status can still
	 * be set, or if its client has left.
	 */
	@Nullable Throwable resolve(ServerWebExchange exchange, ExchangeObservation observation, Throwable failure) {
		ServerHttpResponse response = exchange.getResponse();
		if (response.setStatusCode(HttpStatus.INTERNAL_SERVER_ERROR)) {
			logger.error(exchange.getLogPrefix() + "500 Server Error for " + formatRequest(exchange.getRequest()),
					failure);
			return null;
		}
		if (disconnectedClients.checkAndLogClientDisconnectedException(failure)) {
			observation.connectionAborted();
			return null;
		}
		logger.error(exchange.getLogPrefix() + "Error [" + failure + "] for " + formatRequest(exchange.getRequest())
				+ ", but ServerHttpResponse already committed (" + response.getStatusCode() + ")");
		return failure;
	}

}
