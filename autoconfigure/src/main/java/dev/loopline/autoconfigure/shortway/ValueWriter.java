package dev.loopline.autoconfigure.shortway;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.ResolvableType;
import org.springframework.http.MediaType;
import org.springframework.http.ReactiveHttpOutputMessage;
import org.springframework.http.codec.HttpMessageWriter;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.CoreSubscriber;
import reactor.core.Fuseable.ScalarCallable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * Writes the one value of a publisher that has it already, and leaves others to the
 * writer that was chosen for them.
 */
final class ValueWriter implements HttpMessageWriter<Object> {

	private final HttpMessageWriter<Object> chosen;

	private final BodyEncoding encoding;

	@SuppressWarnings("unchecked")
	ValueWriter(HttpMessageWriter<?> chosen, BodyEncoding encoding) {
		this.chosen = (HttpMessageWriter<Object>) chosen;
		this.encoding = encoding;
	}

	@Override
	public List<MediaType> getWritableMediaTypes() {
		return this.chosen.getWritableMediaTypes();
	}

	@Override
	public boolean canWrite(ResolvableType type, @Nullable MediaType mediaType) {
		return true;
	}

	@Override
	public Mono<Void> write(Publisher<?> values, ResolvableType type, @Nullable MediaType mediaType,
			ReactiveHttpOutputMessage message, Map<String, Object> hints) {
		return this.chosen.write(values, type, mediaType, message, hints);
	}

	@Override
	public Mono<Void> write(Publisher<?> values, ResolvableType actualType, ResolvableType type,
			@Nullable MediaType mediaType, ServerHttpRequest request, ServerHttpResponse response,
			Map<String, Object> hints) {
		Object value = valueOf(values);
		if (value == null) {
			return this.chosen.write(values, actualType, type, mediaType, request, response, hints);
		}
		if (mediaType == null) {
			this.encoding.announce(response);
		}
		return new Written(this.encoding, value, request, response, hints);
	}

	private static @Nullable Object valueOf(Publisher<?> values) {
		try {
			return (values instanceof ScalarCallable<?> scalar) ? scalar.call() : null;
		}
		catch (Exception ex) {
			return null;
		}
	}

	private static final class Written extends Mono<Void> {

		private final BodyEncoding encoding;

		private final Object value;

		private final ServerHttpRequest request;

		private final ServerHttpResponse response;

		private final Map<String, Object> hints;

		Written(BodyEncoding encoding, Object value, ServerHttpRequest request, ServerHttpResponse response,
				Map<String, Object> hints) {
			this.encoding = encoding;
			this.value = value;
			this.request = request;
			this.response = response;
			this.hints = hints;
		}

		@Override
		public void subscribe(CoreSubscriber<? super Void> actual) {
			Mono<Void> writing;
			try {
				writing = BodyEncoding.send(this.response,
						this.encoding.encode(this.request, this.response, this.value, this.hints));
			}
			catch (Throwable ex) {
				Operators.error(actual, Operators.onOperatorError(null, ex, this.value, actual.currentContext()));
				return;
			}
			writing.subscribe(actual);
		}

	}

}
