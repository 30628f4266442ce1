package dev.loopline.layers;

import reactor.core.publisher.Mono;

/**
 * What layers do with the services that they go around.
 */
final class Services {

	private Services() {
	}

	/**
	 * Calls a service. What it throws is its answer.
	 */
	static <Q, A> Mono<A> call(Service<Q, A> service, Q request) {
		try {
			return service.call(request);
		}
		catch (RuntimeException ex) {
			return Mono.error(ex);
		}
	}

}
