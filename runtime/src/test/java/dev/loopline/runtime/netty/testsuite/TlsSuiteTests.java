package dev.loopline.runtime.netty.testsuite;

import java.util.List;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.socket.SocketSslClientRenegotiateTest;
import io.netty.testsuite.transport.socket.SocketSslEchoTest;
import io.netty.testsuite.transport.socket.SocketSslGreetingTest;
import io.netty.testsuite.transport.socket.SocketSslSessionReuseTest;
import io.netty.testsuite.transport.socket.SocketStartTlsTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.opentest4j.TestAbortedException;

import dev.loopline.runtime.netty.TransportTest;

/** The classes of Netty's suite about TLS. */
@TransportTest
@Tag("testsuite")
@ExtendWith(SuiteGroups.class)
class TlsSuiteTests {

	@Nested
	class SslClientRenegotiate extends SocketSslClientRenegotiateTest {

		@Override
		protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
			return SuiteBootstraps.sockets();
		}

	}

	@Nested
	class SslEcho extends SocketSslEchoTest {

		@Override
		protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
			return SuiteBootstraps.sockets();
		}

	}

	@Nested
	class SslGreeting extends SocketSslGreetingTest {

		@Override
		protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
			return SuiteBootstraps.sockets();
		}

	}

	@Nested
	class SslSessionReuse extends SocketSslSessionReuseTest {

		@Override
		protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
			return SuiteBootstraps.sockets();
		}

		@Override
		public void testSslSessionTrustManagerResumption(ServerBootstrap server, Bootstrap client,
				SslContextBuilder serverContext, SslContextBuilder clientContext) throws Throwable {
			try {
				super.testSslSessionTrustManagerResumption(server, client, serverContext, clientContext);
			}
			catch (NoClassDefFoundError ex) {
				throw new TestAbortedException("OpenSSL is not available", ex);
			}
		}

	}

	@Nested
	class StartTls extends SocketStartTlsTest {

		@Override
		protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
			return SuiteBootstraps.sockets();
		}

	}

}
