package dev.loopline.runtime.netty.testsuite;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapFactory;
import io.netty.testsuite.transport.socket.AbstractSocketReuseFdTest;
import io.netty.testsuite.transport.socket.ServerSocketSuspendTest;
import io.netty.testsuite.transport.socket.SocketAddressesTest;
import io.netty.testsuite.transport.socket.SocketBufReleaseTest;
import io.netty.testsuite.transport.socket.SocketChannelNotYetConnectedTest;
import io.netty.testsuite.transport.socket.SocketConnectionAttemptTest;
import io.netty.testsuite.transport.socket.SocketDataReadInitialStateTest;
import io.netty.testsuite.transport.socket.SocketExceptionHandlingTest;
import io.netty.testsuite.transport.socket.SocketFileRegionTest;
import io.netty.testsuite.transport.socket.SocketMultipleConnectTest;
import io.netty.testsuite.transport.socket.SocketObjectEchoTest;
import io.netty.testsuite.transport.socket.SocketRstTest;
import io.netty.testsuite.transport.socket.SocketSpdyEchoTest;
import io.netty.testsuite.transport.socket.SocketStringEchoTest;
import io.netty.testsuite.transport.socket.TrafficShapingHandlerTest;
import io.netty.util.NetUtil;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

import dev.loopline.runtime.netty.TestTransport;
import dev.loopline.runtime.netty.TransportTest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/** The other classes of Netty's suite about stream sockets. */
@TransportTest
@Tag("testsuite")
@ExtendWith(SuiteGroups.class)
class SocketSuiteTests {

	@Nested
	class Addresses extends SocketAddressesTest {

		@Override
		protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
			return SuiteBootstraps.socketsWithFastOpen();
		}

		@Override
		protected void assertAddress(SocketAddress address) {
			InetSocketAddress inetAddress = (InetSocketAddress) address;
			assertThat(inetAddress.getPort()).isPositive();
			assertThat(inetAddress.getAddress().isAnyLocalAddress()).isFalse();
		}

	}

	@Nested
	class BufRelease extends SocketBufReleaseTest {

		@Override
		protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
			return SuiteBootstraps.sockets();
		}

	}

	@Nested
	class ChannelNotYetConnected extends SocketChannelNotYetConnectedTest {

		@Override
		protected List<BootstrapFactory<Bootstrap>> newFactories() {
			return SuiteBootstraps.clients();
		}

	}

	@Nested
	class ConnectionAttempt extends SocketConnectionAttemptTest {

		@Override
		protected List<BootstrapFactory<Bootstrap>> newFactories() {
			return SuiteBootstraps.clients();
		}

		@Override
		public void testConnectCancellation(Bootstrap client) throws Throwable {
			assumeThat(NoHost.isReachable()).as("network that answers for hosts that do not exist").isFalse();
			super.testConnectCancellation(client);
		}

	}

	@Nested
	class DataReadInitialState extends SocketDataReadInitialStateTest {

		@Override
		protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
			return SuiteBootstraps.sockets();
		}

	}

	@Nested
	class ExceptionHandling extends SocketExceptionHandlingTest {

		@Override
		protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
			return SuiteBootstraps.sockets();
		}

	}

	@Nested
	class FileRegion extends SocketFileRegionTest {

		@Override
		protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
			return SuiteBootstraps.sockets();
		}

	}

	@Nested
	class MultipleConnect extends SocketMultipleConnectTest {

		@Override
		protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
			return SuiteBootstraps.socketsWithFastOpen();
		}

	}

	@Nested
	class ObjectEcho extends SocketObjectEchoTest {

		@Override
		protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
			return SuiteBootstraps.sockets();
		}

	}

	@Nested
	class ReuseFd extends AbstractSocketReuseFdTest {

		@Override
		protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
			return SuiteBootstraps.sockets();
		}

		@Override
		protected SocketAddress newSocketAddress() {
			return new InetSocketAddress(NetUtil.LOCALHOST, 0);
		}

	}

	@Nested
	class Rst extends SocketRstTest {

		@Override
		protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
			return SuiteBootstraps.sockets();
		}

		@Override
		protected void assertRstOnCloseException(IOException cause, Channel clientChannel) {
			if (SuiteGroups.TRANSPORT == TestTransport.EPOLL) {
				assertThat(cause).isInstanceOfSatisfying(NativeIoException.class,
						(ex) -> assertThat(ex.expectedErr()).isEqualTo(Errors.ERRNO_ECONNRESET_NEGATIVE));
			}
			else {
				super.assertRstOnCloseException(cause, clientChannel);
			}
		}

	}

	@Nested
	class SpdyEcho extends SocketSpdyEchoTest {

		@Override
		protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
			return SuiteBootstraps.sockets();
		}

	}

	@Nested
	class StringEcho extends SocketStringEchoTest {

		@Override
		protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
			return SuiteBootstraps.sockets();
		}

	}

	@Nested
	class ServerSocketSuspend extends ServerSocketSuspendTest {

		@Override
		protected List<BootstrapFactory<ServerBootstrap>> newFactories() {
			return SuiteBootstraps.servers();
		}

	}

	@Nested
	class TrafficShapingHandler extends TrafficShapingHandlerTest {

		@Override
		protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
			return SuiteBootstraps.sockets();
		}

	}

}
