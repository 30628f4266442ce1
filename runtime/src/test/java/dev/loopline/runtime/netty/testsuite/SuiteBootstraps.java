package dev.loopline.runtime.netty.testsuite;

import java.util.ArrayList;
import java.util.List;

import io.netty.bootstrap.AbstractBootstrap;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapFactory;
import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.netty.TestTransport;

/**
 * The servers and clients, alone and in combination, that the tests of the suite are run
 * with.
 */
final class SuiteBootstraps {

	private SuiteBootstraps() {
	}

	static List<BootstrapFactory<ServerBootstrap>> servers() {
		return List.of(() -> new ServerBootstrap().group(SuiteGroups.BOSS, SuiteGroups.WORKER)
			.channel(SuiteGroups.TRANSPORT.serverChannel()));
	}

	static List<BootstrapFactory<Bootstrap>> clients() {
		return List.of(SuiteBootstraps::client);
	}

	static List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> sockets() {
		return combine(servers(), clients());
	}

	static List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> socketsWithFastOpen() {
		List<BootstrapFactory<Bootstrap>> clients = new ArrayList<>(clients());
		if (SuiteGroups.TRANSPORT == TestTransport.EPOLL && Epoll.isTcpFastOpenClientSideAvailable()) {
			clients.add(() -> client().option(ChannelOption.TCP_FASTOPEN_CONNECT, true));
		}
		return combine(servers(), clients);
	}

	static List<BootstrapFactory<Bootstrap>> datagramClients() {
		return List.of(() -> datagram(null));
	}

	static List<BootstrapComboFactory<Bootstrap, Bootstrap>> datagrams(SocketProtocolFamily family) {
		List<BootstrapFactory<Bootstrap>> factories = List.of(() -> datagram(family));
		return combine(factories, factories);
	}

	private static Bootstrap client() {
		return new Bootstrap().group(SuiteGroups.WORKER).channel(SuiteGroups.TRANSPORT.channel());
	}

	private static Bootstrap datagram(@Nullable SocketProtocolFamily family) {
		return new Bootstrap().group(SuiteGroups.WORKER)
			.channelFactory(() -> SuiteGroups.TRANSPORT.newDatagramChannel(family));
	}

	private static <S extends AbstractBootstrap<?, ?>, C extends AbstractBootstrap<?, ?>> List<BootstrapComboFactory<S, C>> combine(
			List<BootstrapFactory<S>> servers, List<BootstrapFactory<C>> clients) {
		List<BootstrapComboFactory<S, C>> combos = new ArrayList<>();
		for (BootstrapFactory<S> server : servers) {
			for (BootstrapFactory<C> client : clients) {
				combos.add(new Combo<>(server, client));
			}
		}
		return combos;
	}

	private record Combo<S extends AbstractBootstrap<?, ?>, C extends AbstractBootstrap<?, ?>>(
			BootstrapFactory<S> server, BootstrapFactory<C> client) implements BootstrapComboFactory<S, C> {

		@Override
		public S newServerInstance() {
			return this.server.newInstance();
		}

		@Override
		public C newClientInstance() {
			return this.client.newInstance();
		}

	}

}
