package dev.loopline.autoconfigure.reactor;

import java.net.SocketAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Supplier;

import io.netty.resolver.AddressResolverGroup;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClientConfig;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.transport.TransportConfig;
import reactor.util.context.Context;

/**
 * Connections whose strands go on with the work of whoever has acquired them, until the
 * next one does: HTTP/1.1 serves one exchange after the other. Those that many share at
 * the same time stay as they are. Safe for use by many threads.
 */
public final class ContinuingConnections implements ConnectionProvider {

	private final ConnectionProvider connections;

	/**
	 * Creates a provider.
	 * @param connections makes connections
	 */
	public ContinuingConnections(ConnectionProvider connections) {
		this.connections = connections;
	}

	@Override
	public Mono<? extends Connection> acquire(TransportConfig config, ConnectionObserver observer,
			@Nullable Supplier<? extends SocketAddress> remote, @Nullable AddressResolverGroup<?> resolver) {
		if (!isExclusive(config)) {
			return this.connections.acquire(config, observer, remote, resolver);
		}
		return Mono.defer(() -> {
			ConnectionObserver continuing = new Continuing(observer, ContinuedWork.lastingCurrent());
			return this.connections.acquire(config, continuing, remote, resolver);
		});
	}

	private static boolean isExclusive(TransportConfig config) {
		return config instanceof HttpClientConfig http
				&& Arrays.stream(http.protocols()).allMatch(HttpProtocol.HTTP11::equals);
	}

	@Override
	public void disposeWhen(SocketAddress remote) {
		this.connections.disposeWhen(remote);
	}

	@Override
	public void dispose() {
		this.connections.dispose();
	}

	@Override
	public Mono<Void> disposeLater() {
		return this.connections.disposeLater();
	}

	@Override
	public boolean isDisposed() {
		return this.connections.isDisposed();
	}

	@Override
	public int maxConnections() {
		return this.connections.maxConnections();
	}

	@Override
	public @Nullable Map<SocketAddress, Integer> maxConnectionsPerHost() {
		return this.connections.maxConnectionsPerHost();
	}

	@Override
	public @Nullable Builder mutate() {
		return this.connections.mutate();
	}

	@Override
	public @Nullable String name() {
		return this.connections.name();
	}

	@Override
	public String toString() {
		return this.connections.toString();
	}

	/**
	 * Sees that a connection is acquired, in its strand, before anything happens there.
	 */
	private record Continuing(ConnectionObserver observer, @Nullable ContinuedWork work) implements ConnectionObserver {

		@Override
		public void onStateChange(Connection connection, State state) {
			if (state == State.ACQUIRED || state == State.CONNECTED) {
				if (connection.channel().eventLoop().inEventLoop()) {
					ContinuedWork.continueHere(this.work);
				}
			}
			this.observer.onStateChange(connection, state);
		}

		@Override
		public void onUncaughtException(Connection connection, Throwable error) {
			this.observer.onUncaughtException(connection, error);
		}

		@Override
		public Context currentContext() {
			return this.observer.currentContext();
		}

	}

}
