package dev.loopline.autoconfigure.web;

import java.nio.charset.StandardCharsets;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;

/**
 * The answer to a request that no thread was found for: 503 with the body of a
 * {@link org.springframework.http.ProblemDetail}, written by hand, as to refuse must cost
 * much less than to serve.
 */
final class BusyAnswer {

	private static final byte[] BODY = """
			{"title":"Service Unavailable","status":503,\
			"detail":"Too many requests wait for a thread to be handled by"}""".getBytes(StandardCharsets.UTF_8);

	private BusyAnswer() {
	}

	/**
	 * Writes the answer.
	 * @param retryAfter in how many seconds the client may try again
	 */
	static Mono<Void> write(ServerHttpResponse response, long retryAfter) {
		response.setStatusCode(HttpStatus.SERVICE_UNAVAILABLE);
		HttpHeaders headers = response.getHeaders();
		headers.set(HttpHeaders.RETRY_AFTER, Long.toString(retryAfter));
		headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
		headers.setContentLength(BODY.length);
		// To write the body of an answer to HEAD sends nothing.
		return response.writeWith(Mono.fromSupplier(() -> body(response))).then(Mono.defer(response::setComplete));
	}

	private static DataBuffer body(ServerHttpResponse response) {
		return response.bufferFactory().wrap(BODY.clone());
	}

}
