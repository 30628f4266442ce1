package dev.loopline.autoconfigure.shortway;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.core.ResolvableTypeProvider;
import org.springframework.http.MediaType;
import org.springframework.http.codec.EncoderHttpMessageWriter;
import org.springframework.http.codec.HttpMessageWriter;
import org.springframework.web.reactive.HandlerResultHandler;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.server.EntityResponse;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.function.server.support.ServerResponseResultHandler;
import org.springframework.web.reactive.result.view.ViewResolver;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * How the values are written that functional routes answer with, remembered for each
 * class and type. A response sets its own status, head and cookies, and asks for a writer
 * then: it is given the one that Spring would find. Safe for use by many threads.
 */
final class FunctionalResults {

	/** Values of other classes and types than so many take the long way. */
	private static final int MAX_REMEMBERED = 256;

	/** What {@link ServerResponse.BodyBuilder#bodyValue} makes. */
	private static final Class<?> RESPONSE = Objects.requireNonNull(EntityResponse.fromObject("").build().block())
		.getClass();

	/** Of each body that is a value, as it is one lambda. */
	private static final Class<?> INSERTER = BodyInserters.fromValue("").getClass();

	private final @Nullable ServerResponseResultHandler handler;

	private final Map<Body, Optional<ServerResponse.Context>> contexts = new ConcurrentHashMap<>();

	FunctionalResults(List<HandlerResultHandler> resultHandlers) {
		this.handler = ResultBodies.first(resultHandlers, ServerResponseResultHandler.class);
	}

	/**
	 * Returns what writes a response, or null if Spring has to find out.
	 */
	@Nullable Mono<Void> write(ServerWebExchange exchange, @Nullable Object result) {
		if (this.handler == null || result == null || result.getClass() != RESPONSE) {
			return null;
		}
		EntityResponse<?> response = (EntityResponse<?>) result;
		Object value = response.entity();
		if (response.inserter().getClass() != INSERTER || value instanceof ResolvableTypeProvider
				|| ResultBodies.isDecidedOrWatched(exchange.getResponse())) {
			return null;
		}
		Optional<ServerResponse.Context> context;
		try {
			context = find(this.handler, new Body(value.getClass(), response.headers().getContentType()), value);
		}
		catch (Exception ex) {
			return null; // Spring will see it, too, after it has written the head
		}
		return context.isPresent() ? response.writeTo(exchange, context.get()) : null;
	}

	private Optional<ServerResponse.Context> find(ServerResponseResultHandler handler, Body body, Object value) {
		Optional<ServerResponse.Context> context = this.contexts.get(body);
		if (context == null && this.contexts.size() < MAX_REMEMBERED) {
			context = Optional.ofNullable(choose(handler, body, value));
			this.contexts.put(body, context);
		}
		return (context != null) ? context : Optional.empty();
	}

	/**
	 * As Spring chooses.
	 */
	private static ServerResponse.@Nullable Context choose(ServerResponseResultHandler handler, Body body,
			Object value) {
		ResolvableType type = ResolvableType.forInstance(value);
		for (HttpMessageWriter<?> writer : handler.getMessageWriters()) {
			if (writer.canWrite(type, body.contentType())) {
				BodyEncoding encoding = (writer instanceof EncoderHttpMessageWriter<?> encoder)
						? BodyEncoding.of(encoder, type, type, body.contentType(), body.contentType() != null) : null;
				return (encoding != null) ? new OneWriter(handler, new ValueWriter(writer, encoding)) : null;
			}
		}
		return null;
	}

	/**
	 * A value of a class, for a response that has set a content type or none.
	 */
	private record Body(Class<?> valueClass, @Nullable MediaType contentType) {
	}

	/**
	 * What a response is written with.
	 */
	private record OneWriter(ServerResponseResultHandler handler,
			ValueWriter writer) implements ServerResponse.Context {

		@Override
		public List<HttpMessageWriter<?>> messageWriters() {
			return List.of(this.writer);
		}

		@Override
		public List<ViewResolver> viewResolvers() {
			return this.handler.getViewResolvers();
		}

	}

}
