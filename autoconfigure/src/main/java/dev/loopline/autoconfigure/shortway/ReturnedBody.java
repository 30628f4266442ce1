package dev.loopline.autoconfigure.shortway;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.springframework.core.KotlinDetector;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.ResolvableTypeProvider;
import org.springframework.http.HttpEntity;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.codec.EncoderHttpMessageWriter;
import org.springframework.http.codec.HttpMessageWriter;
import org.springframework.util.ClassUtils;
import org.springframework.web.ErrorResponse;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.HandlerResult;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.result.HandlerResultHandlerSupport;
import org.springframework.web.reactive.result.method.annotation.ResponseBodyResultHandler;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * What a controller's method returns as a body: an object, or a {@link Mono} of one.
 * Which media type it becomes depends on the types that a request accepts and on the
 * object's class; both are asked for once and remembered.
 */
final class ReturnedBody extends HandlerResultHandlerSupport {

	/** Requests that accept something else than so many others take the long way. */
	private static final int MAX_REMEMBERED = 64;

	private final boolean simple;

	private final ResponseBodyResultHandler handler;

	private final ResolvableType bodyType;

	private final boolean mono;

	private final Map<Wish, Optional<BodyEncoding>> encodings = new ConcurrentHashMap<>();

	private ReturnedBody(ResponseBodyResultHandler handler, MethodParameter type, boolean simple, boolean mono) {
		super(handler.getContentTypeResolver(), handler.getAdapterRegistry());
		this.handler = handler;
		this.bodyType = ResolvableType.forMethodParameter(type);
		this.simple = simple;
		this.mono = mono;
	}

	static ReturnedBody of(ResponseBodyResultHandler handler, Method method, HandlerResult result, boolean mine) {
		MethodParameter type = result.getReturnTypeSource();
		ResolvableType bodyType = ResolvableType.forMethodParameter(type);
		boolean mono = bodyType.toClass() == Mono.class;
		ResolvableType element = mono ? bodyType.getGeneric() : bodyType;
		Class<?> elementClass = element.toClass();
		boolean simple = mine && handler.supports(result) && !KotlinDetector.isSuspendingFunction(method)
				&& elementClass != Object.class && !ClassUtils.isVoidType(elementClass)
				&& !HttpEntity.class.isAssignableFrom(elementClass)
				&& !ErrorResponse.class.isAssignableFrom(elementClass)
				&& !ProblemDetail.class.isAssignableFrom(elementClass)
				&& handler.getAdapterRegistry().getAdapter(elementClass) == null;
		return new ReturnedBody(handler, type, simple, mono);
	}

	boolean isSimple() {
		return this.simple;
	}

	/**
	 * Returns how to write a value for a request, or null if Spring has to find out.
	 */
	@Nullable BodyEncoding encoding(ServerWebExchange exchange, Object value) {
		if (this.mono != value instanceof Mono) {
			return null;
		}
		List<MediaType> accepted;
		try {
			accepted = getContentTypeResolver().resolveMediaTypes(exchange);
		}
		catch (NotAcceptableStatusException ex) {
			return null; // Spring refuses it, unless the response is an error already
		}
		Set<MediaType> producible = exchange.getAttribute(HandlerMapping.PRODUCIBLE_MEDIA_TYPES_ATTRIBUTE);
		Wish wish = new Wish(accepted, (producible != null) ? List.copyOf(producible) : null,
				this.mono ? Mono.class : value.getClass());
		Optional<BodyEncoding> encoding = this.encodings.get(wish);
		if (encoding == null) {
			if (this.encodings.size() >= MAX_REMEMBERED) {
				return null;
			}
			encoding = Optional.ofNullable(hasOrder(accepted) ? null : choose(exchange, value));
			this.encodings.put(wish.copy(), encoding);
		}
		return encoding.orElse(null);
	}

	/**
	 * Returns whether types that are equal may differ in the order of their parameters,
	 * which a response would show.
	 */
	private static boolean hasOrder(List<MediaType> types) {
		return types.stream().anyMatch((type) -> type.removeQualityValue().getParameters().size() > 1);
	}

	/**
	 * As Spring chooses.
	 */
	private @Nullable BodyEncoding choose(ServerWebExchange exchange, Object value) {
		ResolvableType elementType = this.bodyType;
		ResolvableType actualElementType;
		if (this.mono) {
			elementType = this.bodyType.getGeneric();
			actualElementType = elementType;
		}
		else {
			if (value instanceof ProblemDetail || value instanceof ServerResponse
					|| value instanceof ResolvableTypeProvider
					|| getAdapterRegistry().getAdapter(null, value) != null) {
				return null;
			}
			ResolvableType instanceType = ResolvableType.forInstance(value);
			actualElementType = instanceType.hasUnresolvableGenerics() ? elementType : instanceType;
		}
		List<HttpMessageWriter<?>> writers = this.handler.getMessageWriters();
		MediaType mediaType;
		try {
			ResolvableType producible = elementType;
			mediaType = selectMediaType(exchange, () -> mediaTypes(writers, producible));
		}
		catch (NotAcceptableStatusException ex) {
			return null;
		}
		if (mediaType == null) {
			return null;
		}
		for (HttpMessageWriter<?> writer : writers) {
			if (writer.canWrite(actualElementType, mediaType)) {
				return (writer instanceof EncoderHttpMessageWriter<?> encoding)
						? BodyEncoding.of(encoding, this.bodyType, elementType, mediaType, false) : null;
			}
		}
		return null;
	}

	private static List<MediaType> mediaTypes(List<HttpMessageWriter<?>> writers, ResolvableType type) {
		List<MediaType> types = new ArrayList<>();
		for (HttpMessageWriter<?> writer : writers) {
			if (writer.canWrite(type, null)) {
				types.addAll(writer.getWritableMediaTypes(type));
			}
		}
		return types;
	}

	private record Wish(List<MediaType> accepted, @Nullable List<MediaType> producible, Class<?> valueClass) {

		Wish copy() {
			return new Wish(List.copyOf(this.accepted), this.producible, this.valueClass);
		}

	}

}
