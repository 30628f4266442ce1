package dev.loopline.autoconfigure.clients;

import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientRequest;

import dev.loopline.autoconfigure.reactor.ContinuedWork;

/**
 * Lets connections of Reactor Netty's clients that are beans, as Spring Cloud Gateway's
 * is, go on with the work of whoever asks, whatever pool they come from. Streams of
 * HTTP/2 share the strand of their connection, and stay as they are.
 */
final class ContinuingClients extends OriginalBeans {

	private static final String WORK = ContinuedWork.class.getName();

	/** What Reactor Netty makes, and no mock. */
	private static final Class<?> OWN = HttpClient.create().getClass();

	@Override
	boolean isCandidate(Object bean) {
		return bean.getClass() == OWN;
	}

	@Override
	Object replace(Object bean, String name) {
		return ((HttpClient) bean).mapConnect(ContinuingClients::remember).doOnRequest(ContinuingClients::goOn);
	}

	private static Mono<? extends Connection> remember(Mono<? extends Connection> connection) {
		return Mono.defer(() -> {
			ContinuedWork work = ContinuedWork.lastingCurrent();
			return (work != null) ? connection.contextWrite((context) -> context.put(WORK, work)) : connection;
		});
	}

	private static void goOn(HttpClientRequest request, Connection connection) {
		if (connection.channel().parent() == null && connection.channel().eventLoop().inEventLoop()) {
			ContinuedWork.continueHere(request.currentContextView().getOrDefault(WORK, null));
		}
	}

}
