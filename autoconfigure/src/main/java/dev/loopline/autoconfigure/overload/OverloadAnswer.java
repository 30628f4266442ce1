package dev.loopline.autoconfigure.overload;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;

/**
 * The answer to a request that is refused: 503 with the body of a
 * {@link org.springframework.http.ProblemDetail}, made beforehand.
 */
final class OverloadAnswer {

	private static final byte[] BODY = """
			{"title":"Service Unavailable","status":503,\
			"detail":"The server has more to do than it can"}""".getBytes(StandardCharsets.UTF_8);

	private static final String LENGTH = String.valueOf(BODY.length);

	/**
	 * Seconds, of which each client is told one by chance: not all come again at once.
	 */
	private static final String[] RETRY_AFTER = { "1", "2", "3", "4", "5" };

	private OverloadAnswer() {
	}

	static Mono<Void> write(ServerHttpResponse response) {
		response.setStatusCode(HttpStatus.SERVICE_UNAVAILABLE);
		HttpHeaders headers = response.getHeaders();
		headers.set(HttpHeaders.RETRY_AFTER, retryAfter());
		headers.set(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE);
		headers.set(HttpHeaders.CONTENT_LENGTH, LENGTH);
		// To write the body of an answer to HEAD sends nothing.
		return response.writeWith(Mono.fromSupplier(() -> body(response))).then(Mono.defer(response::setComplete));
	}

	private static DataBuffer body(ServerHttpResponse response) {
		return response.bufferFactory().wrap(BODY.clone());
	}

	static String retryAfter() {
		return RETRY_AFTER[ThreadLocalRandom.current().nextInt(RETRY_AFTER.length)];
	}

}
