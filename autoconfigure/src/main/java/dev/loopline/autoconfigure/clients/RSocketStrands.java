package dev.loopline.autoconfigure.clients;

import io.rsocket.ConnectionSetupPayload;
import io.rsocket.RSocket;
import io.rsocket.SocketAcceptor;
import io.rsocket.plugins.InterceptorRegistry;
import reactor.core.publisher.Mono;

/**
 * Gives the requests of RSocket's connections a strand each, in both directions.
 */
final class RSocketStrands {

	private final RSocketRoutes routes;

	private final ClientWork work;

	RSocketStrands(RSocketRoutes routes, ClientWork work) {
		this.routes = routes;
		this.work = work;
	}

	/**
	 * Registers itself. The acceptor knows what the metadata is, and an interceptor of
	 * the responder would not.
	 */
	void register(InterceptorRegistry interceptors) {
		interceptors.forRequester(this::requester).forSocketAcceptor(this::acceptor);
	}

	private RSocket requester(RSocket connection) {
		return new StrandRequester(connection, this.work);
	}

	private SocketAcceptor acceptor(SocketAcceptor acceptor) {
		return (setup, requester) -> accept(acceptor, setup, requester);
	}

	private Mono<RSocket> accept(SocketAcceptor acceptor, ConnectionSetupPayload setup, RSocket requester) {
		String mimeType = setup.metadataMimeType(); // while there is a setup
		return acceptor.accept(setup, requester)
			.map((handler) -> new StrandResponder(handler, mimeType, this.routes, this.work));
	}

}
