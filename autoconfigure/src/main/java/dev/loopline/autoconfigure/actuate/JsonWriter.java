package dev.loopline.autoconfigure.actuate;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;

/**
 * Writes what an operation returns as Spring MVC does it with an answer. Within a stream
 * of events it would look for a converter to that type, and find none. Safe for use by
 * many threads.
 */
final class JsonWriter {

	private final Supplier<List<HttpMessageConverter<?>>> converters;

	JsonWriter(Supplier<List<HttpMessageConverter<?>>> converters) {
		this.converters = converters;
	}

	/**
	 * Writes a value.
	 * @throws IllegalStateException if there is no converter for it
	 */
	@SuppressWarnings("unchecked")
	String write(Object value) throws IOException {
		HttpMessageConverter<?> converter = this.converters.get()
			.stream()
			.filter((each) -> each.canWrite(value.getClass(), MediaType.APPLICATION_JSON))
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("No converter writes JSON"));
		Text text = new Text();
		((HttpMessageConverter<Object>) converter).write(value, MediaType.APPLICATION_JSON, text);
		return text.bytes.toString(StandardCharsets.UTF_8);
	}

	private static final class Text implements HttpOutputMessage {

		private final HttpHeaders headers = new HttpHeaders();

		private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

		@Override
		public HttpHeaders getHeaders() {
			return this.headers;
		}

		@Override
		public OutputStream getBody() {
			return this.bytes;
		}

	}

}
