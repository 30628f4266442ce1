package dev.loopline.autoconfigure.shortway;

import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.ResolvableType;
import org.springframework.core.codec.ByteArrayEncoder;
import org.springframework.core.codec.CharSequenceEncoder;
import org.springframework.core.codec.Encoder;
import org.springframework.core.codec.Hints;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ReactiveHttpOutputMessage;
import org.springframework.http.codec.EncoderHttpMessageWriter;
import org.springframework.http.codec.HttpMessageEncoder;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;

/**
 * Writes an object as a media type, with an encoder of Spring's.
 */
final class BodyEncoding {

	/** By name: Jackson may be absent. */
	private static final String JACKSON = "org.springframework.http.codec.json.JacksonJsonEncoder";

	private static final Set<String> ENCODERS = Set.of(CharSequenceEncoder.class.getName(),
			ByteArrayEncoder.class.getName(), JACKSON);

	private final Encoder<Object> encoder;

	private final ResolvableType actualType;

	private final ResolvableType elementType;

	private final @Nullable MediaType mediaType;

	private final @Nullable MediaType contentType;

	private BodyEncoding(Encoder<Object> encoder, ResolvableType actualType, ResolvableType elementType,
			@Nullable MediaType mediaType, @Nullable MediaType contentType) {
		this.encoder = encoder;
		this.actualType = actualType;
		this.elementType = elementType;
		this.mediaType = mediaType;
		this.contentType = contentType;
	}

	/**
	 * Returns null for encoders that are not known to encode a value as they encode a
	 * publisher of it.
	 * @param announced whether the response has the media type already
	 */
	@SuppressWarnings("unchecked")
	static @Nullable BodyEncoding of(EncoderHttpMessageWriter<?> writer, ResolvableType actualType,
			ResolvableType elementType, @Nullable MediaType mediaType, boolean announced) {
		if (writer.getClass() != EncoderHttpMessageWriter.class
				|| !ENCODERS.contains(writer.getEncoder().getClass().getName())) {
			return null;
		}
		Probe probe = new Probe();
		if (announced) {
			probe.headers.setContentType(mediaType);
		}
		Mono<Void> unused = ((EncoderHttpMessageWriter<Object>) writer).write(Mono.empty(), elementType, mediaType,
				probe, Hints.none());
		return new BodyEncoding((Encoder<Object>) writer.getEncoder(), actualType, elementType, mediaType,
				probe.headers.getContentType());
	}

	/**
	 * Sets the type of a body that is on its way.
	 */
	void announce(ServerHttpResponse response) {
		if (this.contentType != null) {
			response.getHeaders().setContentType(this.contentType);
		}
	}

	/**
	 * Returns whether the encoder calls a publisher that has its value, or its error,
	 * instead of subscribing to it.
	 */
	boolean callsPublishers() {
		return !this.encoder.getClass().getName().equals(JACKSON);
	}

	/**
	 * Encodes a value.
	 * @param given hints of whoever has the value
	 */
	DataBuffer encode(ServerHttpRequest request, ServerHttpResponse response, Object value, Map<String, Object> given) {
		Map<String, Object> hints = given;
		if (this.encoder instanceof HttpMessageEncoder<?> hinting) {
			hints = Hints.merge(hints,
					hinting.getEncodeHints(this.actualType, this.elementType, this.mediaType, request, response));
		}
		return this.encoder.encodeValue(value, response.bufferFactory(), this.elementType, this.contentType, hints);
	}

	/**
	 * Ends a response to which there is no value.
	 */
	static Mono<Void> end(ServerHttpResponse response) {
		response.getHeaders().setContentType(null);
		response.getHeaders().setContentLength(0);
		return response.setComplete();
	}

	/**
	 * Writes a value.
	 */
	static Mono<Void> send(ServerHttpResponse response, DataBuffer buffer) {
		try {
			response.getHeaders().setContentLength(buffer.readableByteCount());
		}
		catch (Throwable ex) { // it was committed
			DataBufferUtils.release(buffer);
			throw ex;
		}
		return SentBuffer.of(response, buffer);
	}

	/**
	 * Learns which content type a writer sets.
	 */
	private static final class Probe implements ReactiveHttpOutputMessage {

		final HttpHeaders headers = new HttpHeaders();

		@Override
		public HttpHeaders getHeaders() {
			return this.headers;
		}

		@Override
		public DataBufferFactory bufferFactory() {
			return DefaultDataBufferFactory.sharedInstance;
		}

		@Override
		public void beforeCommit(Supplier<? extends Mono<Void>> action) {
			throw new UnsupportedOperationException();
		}

		@Override
		public boolean isCommitted() {
			return false;
		}

		@Override
		public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
			return Mono.empty();
		}

		@Override
		public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
			return Mono.empty();
		}

		@Override
		public Mono<Void> setComplete() {
			return Mono.empty();
		}

	}

}
