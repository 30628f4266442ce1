package dev.loopline.autoconfigure.webclient;

import java.net.URI;

import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import reactor.core.publisher.Mono;

import dev.loopline.autoconfigure.webclient.ServiceDiscovery.Server;

/**
 * A request, and the way that it goes. Immutable.
 *
 * @param request the request
 * @param next sends it
 */
record ClientCall(ClientRequest request, ExchangeFunction next) {

	Mono<ClientResponse> send() {
		return this.next.exchange(this.request);
	}

	/**
	 * Returns whether there is no body: two attempts at once could not both read one of a
	 * stream.
	 */
	boolean hasNoBody() {
		return this.request.body() == BodyInserters.empty();
	}

	String host() {
		URI uri = this.request.url();
		return uri.getHost() + ":" + HostPattern.port(uri);
	}

	/**
	 * Returns the same request for another server.
	 */
	ClientCall at(Server server) {
		URI uri = this.request.url();
		String path = (uri.getRawPath() != null) ? uri.getRawPath() : "";
		String query = (uri.getRawQuery() != null) ? "?" + uri.getRawQuery() : "";
		String scheme = (server.scheme() != null) ? server.scheme() : uri.getScheme();
		URI target = URI.create(scheme + "://" + server.authority() + path + query);
		return new ClientCall(ClientRequest.from(this.request).url(target).build(), this.next);
	}

}
