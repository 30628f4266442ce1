package dev.loopline.autoconfigure.shortway;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
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
			LogFactory.getLog("org.springframework.web.HttpLogging"),
			LogFactory.getLog(EncoderHttpMessageWriter.class));

	private final @Nullable ResponseBodyResultHandler handler;

	private final Map<Returning, ReturnedBody> bodies = new ConcurrentHashMap<>();

	ResultBodies(List<HandlerResultHandler> resultHandlers) {
		this.handler = first(resultHandlers);
	}

	/**
	 * Returns Spring's own, if only others of Spring's come before it.
	 */
	private static @Nullable ResponseBodyResultHandler first(List<HandlerResultHandler> handlers) {
		for (HandlerResultHandler handler : handlers) {
			if (handler.getClass() == ResponseBodyResultHandler.class) {
				return (ResponseBodyResultHandler) handler;
			}
			if (handler.getClass() != ResponseEntityResultHandler.class
					&& handler.getClass() != ServerResponseResultHandler.class) {
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
			body = ReturnedBody.of(this.handler, method, result);
			this.bodies.put(returning, body);
		}
		if (!body.isSimple() || hasContentType(exchange.getResponse()) || isWatched()) {
			return null;
		}
		return body.encoding(exchange, result.getReturnValue());
	}

	private static boolean hasContentType(ServerHttpResponse response) {
		return response.getHeaders().containsHeader("Content-Type");
	}

	private static boolean isWatched() {
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
