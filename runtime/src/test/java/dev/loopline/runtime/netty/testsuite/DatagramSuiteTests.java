package dev.loopline.runtime.netty.testsuite;

import java.util.List;

import io.netty.bootstrap.Bootstrap;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapFactory;
import io.netty.testsuite.transport.socket.DatagramConnectNotExistsTest;
import io.netty.testsuite.transport.socket.DatagramConnectedWriteExceptionTest;
import io.netty.testsuite.transport.socket.DatagramMulticastIPv6Test;
import io.netty.testsuite.transport.socket.DatagramMulticastTest;
import io.netty.testsuite.transport.socket.DatagramUnicastIPv6MappedTest;
import io.netty.testsuite.transport.socket.DatagramUnicastIPv6Test;
import io.netty.testsuite.transport.socket.DatagramUnicastInetTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

import dev.loopline.runtime.netty.TestTransport;
import dev.loopline.runtime.netty.TransportTest;

import static org.assertj.core.api.Assumptions.assumeThat;

/** The classes of Netty's suite about datagram sockets. */
@TransportTest
@Tag("testsuite")
@ExtendWith(SuiteGroups.class)
class DatagramSuiteTests {

	@Nested
	class DatagramUnicastInet extends DatagramUnicastInetTest {

		@Override
		protected List<BootstrapComboFactory<Bootstrap, Bootstrap>> newFactories() {
			return SuiteBootstraps.datagrams(socketInternetProtocalFamily());
		}

	}

	@Nested
	class DatagramUnicastIPv6 extends DatagramUnicastIPv6Test {

		@Override
		protected List<BootstrapComboFactory<Bootstrap, Bootstrap>> newFactories() {
			return SuiteBootstraps.datagrams(socketInternetProtocalFamily());
		}

	}

	@Nested
	class DatagramUnicastIPv6Mapped extends DatagramUnicastIPv6MappedTest {

		@Override
		protected List<BootstrapComboFactory<Bootstrap, Bootstrap>> newFactories() {
			return SuiteBootstraps.datagrams(socketInternetProtocalFamily());
		}

	}

	@Nested
	class DatagramMulticast extends DatagramMulticastTest {

		@Override
		protected List<BootstrapComboFactory<Bootstrap, Bootstrap>> newFactories() {
			return SuiteBootstraps.datagrams(socketInternetProtocalFamily());
		}

	}

	@Nested
	class DatagramMulticastIPv6 extends DatagramMulticastIPv6Test {

		@Override
		protected List<BootstrapComboFactory<Bootstrap, Bootstrap>> newFactories() {
			return SuiteBootstraps.datagrams(socketInternetProtocalFamily());
		}

	}

	@Nested
	class DatagramConnectNotExists extends DatagramConnectNotExistsTest {

		@Override
		protected List<BootstrapFactory<Bootstrap>> newFactories() {
			return SuiteBootstraps.datagramClients();
		}

	}

	@Nested
	class DatagramConnectedWriteException extends DatagramConnectedWriteExceptionTest {

		@Override
		protected List<BootstrapFactory<Bootstrap>> newFactories() {
			return SuiteBootstraps.datagramClients();
		}

		@Override
		protected void testWriteExceptionAfterServerStop(Bootstrap client) throws Throwable {
			assumeThat(SuiteGroups.TRANSPORT).as("reports the exception to the pipeline, not to the write")
				.isNotEqualTo(TestTransport.EPOLL);
			super.testWriteExceptionAfterServerStop(client);
		}

	}

}
