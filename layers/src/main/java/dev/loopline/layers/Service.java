package dev.loopline.layers;

import reactor.core.publisher.Mono;

/**
 * Answers requests. There is nothing to ask before: whether a request must wait, or
 * cannot be answered at all, is said by its {@link Mono}. Nothing begins before that is
 * subscribed to, and to cancel it gives the request up.
 *
 * @param <Q> the type of the requests
 * @param <A> the type of the answers
 */
@FunctionalInterface
public interface Service<Q, A> {

	/**
	 * Answers a request.
	 * @param request the request
	 * @return its answer
	 */
	Mono<A> call(Q request);

}
