package dev.loopline.autoconfigure.webclient;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.client.ClientRequest;
import reactor.core.publisher.Mono;

/**
 * Knows the servers of the service that a request's host names. Safe for use by many
 * threads.
 */
interface ServiceDiscovery {

	/**
	 * Returns the servers as they are now.
	 */
	Mono<List<Server>> serversFor(ClientRequest request);

	/**
	 * A server.
	 *
	 * @param scheme instead of the request's, or {@code null}
	 * @param authority host and port, or a host that has its scheme's
	 */
	record Server(@Nullable String scheme, String authority) {
	}

}
