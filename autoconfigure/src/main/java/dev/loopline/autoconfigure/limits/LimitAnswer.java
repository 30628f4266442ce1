package dev.loopline.autoconfigure.limits;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;

/**
 * An answer in place of the handler's: the body of a
 * {@link org.springframework.http.ProblemDetail}, prepared, as to refuse must cost much
 * less than to serve.
 */
enum LimitAnswer {

	/** Too many requests at a time. */
	OVERLOADED(HttpStatus.SERVICE_UNAVAILABLE, "Too many requests are being handled"),

	/** Too many of one client. */
	RATE_LIMITED(HttpStatus.TOO_MANY_REQUESTS, "Too many requests in too short a time"),

	/** The handler did not answer in time. */
	TIMED_OUT(HttpStatus.GATEWAY_TIMEOUT, "The request was not answered in time"),

	/** Its client said for how long it waits. */
	DEADLINE_PASSED(HttpStatus.GATEWAY_TIMEOUT, "The deadline of the request has passed");

	private final HttpStatus status;

	private final byte[] body;

	LimitAnswer(HttpStatus status, String detail) {
		this.status = status;
		this.body = """
				{"title":"%s","status":%d,"detail":"%s"}""".formatted(status.getReasonPhrase(), status.value(), detail)
			.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * Writes the answer.
	 * @param retryAfter in how long the client may try again, if that is known
	 */
	Mono<Void> write(ServerHttpResponse response, @Nullable Duration retryAfter) {
		response.setStatusCode(this.status);
		HttpHeaders headers = response.getHeaders();
		if (retryAfter != null) {
			headers.set(HttpHeaders.RETRY_AFTER, Long.toString(seconds(retryAfter)));
		}
		headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
		headers.setContentLength(this.body.length);
		// To write the body of an answer to HEAD sends nothing.
		return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(this.body.clone())))
			.then(Mono.defer(response::setComplete));
	}

	/**
	 * Rounds up. Who was refused for the load of others does not come back with all of
	 * them at once; who comes too often knows when he may.
	 */
	private long seconds(Duration retryAfter) {
		long seconds = Math.max(1, retryAfter.plusNanos(999_999_999).toSeconds());
		return (this == OVERLOADED) ? seconds + ThreadLocalRandom.current().nextLong(seconds + 1) : seconds;
	}

}
