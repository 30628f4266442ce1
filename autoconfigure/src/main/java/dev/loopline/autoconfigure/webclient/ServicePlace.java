package dev.loopline.autoconfigure.webclient;

import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.client.ClientResponse;
import reactor.core.publisher.Mono;

import dev.loopline.layers.Service;

/**
 * One of the servers that requests may be sent to. Two of the same place are equal.
 *
 * @param scheme instead of the request's, or {@code null}
 * @param authority host and port
 * @param attempt sends a request
 */
record ServicePlace(@Nullable String scheme, String authority,
		Service<ClientCall, ClientResponse> attempt) implements Service<ClientCall, ClientResponse> {

	@Override
	public Mono<ClientResponse> call(ClientCall call) {
		return this.attempt.call(call.at(this.scheme, this.authority));
	}

}
