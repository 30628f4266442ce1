package dev.loopline.autoconfigure.webclient;

import org.springframework.web.reactive.function.client.ClientResponse;
import reactor.core.publisher.Mono;

import dev.loopline.autoconfigure.webclient.ServiceDiscovery.Server;
import dev.loopline.layers.Service;

/**
 * One of the servers that requests may be sent to. Two of the same place are equal.
 *
 * @param server where it is
 * @param attempt sends a request
 */
record ServicePlace(Server server,
		Service<ClientCall, ClientResponse> attempt) implements Service<ClientCall, ClientResponse> {

	@Override
	public Mono<ClientResponse> call(ClientCall call) {
		return this.attempt.call(call.at(this.server));
	}

}
