package dev.loopline.autoconfigure.shortway;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.codec.EncoderHttpMessageWriter;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.HandlerResult;
import org.springframework.web.reactive.HandlerResultHandler;
import org.springframework.web.reactive.function.server.support.ServerResponseResultHandler;
import org.springframework.web.reactive.result.method.annotation.ResponseBodyResultHandler;
import org.springframework.web.reactive.result.method.annotation.ResponseEntityResultHandler;
import org.springframework.web.server.ServerWebExchange;

/**
 * How the bodies are written that controllers return, remembered for each method. Safe
 * for use by many threads.
 */
final class ResultBodies {

	private static final List<Log> LOGS = List.of(LogFactory.getLog(ResponseBodyResultHandler.class),
			LogFactory.getLog("org.springframework.web.HttpLogging"), LogFactory.getLog(EncoderHttpMessageWriter.class),
			LogFactory.getLog("org.springframework.http.server.reactive.ReactorServerHttpResponse"));

	private static final Set<Class<?>> SPRINGS = Set.of(ResponseEntityResultHandler.class,
			ServerResponseResultHandler.class, ResponseBodyResultHandler.class);

	private final @Nullable ResponseBodyResultHandler handler;

	/** Those that are asked first. */
	private final List<HandlerResultHandler> before;

	private final Map<Returning, ReturnedBody> bodies = new ConcurrentHashMap<>();

	ResultBodies(List<HandlerResultHandler> resultHandlers) {
		this.handler = first(resultHandlers, ResponseBodyResultHandler.class);
		this.before = (this.handler != null) ? resultHandlers.subList(0, resultHandlers.indexOf(this.handler))
				: List.of();
	}

	/**
	 * Returns Spring's own, if only others of Spring's come before it.
	 */
	static <T extends HandlerResultHandler> @Nullable T first(List<HandlerResultHandler> handlers, Class<T> type) {
		for (HandlerResultHandler handler : handlers) {
			if (handler.getClass() == type) {
				return type.cast(handler);
			}
			if (!SPRINGS.contains(handler.getClass())) {
				return null;
			}
		}
		return null;
	}

	/**
	 * Returns how to write a result, or null if Spring has to find out.
	 */
	@Nullable BodyEncoding find(ServerWebExchange exchange, HandlerResult result) {
		MethodParameter type = result.getReturnTypeSource();
		Method method = type.getMethod();
		if (this.handler == null || method == null || result.getReturnValue() == null) {
			return null;
		}
		Returning returning = new Returning(method, type.getContainingClass());
		ReturnedBody body = this.bodies.get(returning);
		if (body == null) {
			boolean mine = this.before.stream().noneMatch((handler) -> handler.supports(result));
			body = ReturnedBody.of(this.handler, method, result, mine);
			this.bodies.put(returning, body);
		}
		if (!body.isSimple() || isDecidedOrWatched(exchange.getResponse())) {
			return null;
		}
		return body.encoding(exchange, result.getReturnValue());
	}

	/**
	 * Returns whether somebody has said already what the body will be, or wants to read
	 * in the log how it is written.
	 */
	static boolean isDecidedOrWatched(ServerHttpResponse response) {
		if (response.getHeaders().containsHeader(HttpHeaders.CONTENT_TYPE)) {
			return true;
		}
		for (Log log : LOGS) {
			if (log.isDebugEnabled()) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Controllers that inherit a method may resolve its types, and treat them,
	 * differently.
	 */
	private record Returning(Method method, Class<?> controller) {
	}

}
