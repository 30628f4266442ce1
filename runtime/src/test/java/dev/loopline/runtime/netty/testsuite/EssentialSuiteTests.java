package dev.loopline.runtime.netty.testsuite;

import java.util.List;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapFactory;
import io.netty.testsuite.transport.socket.CompositeBufferGatheringWriteTest;
import io.netty.testsuite.transport.socket.SocketAutoReadTest;
import io.netty.testsuite.transport.socket.SocketCancelWriteTest;
import io.netty.testsuite.transport.socket.SocketCloseForciblyTest;
import io.netty.testsuite.transport.socket.SocketConditionalWritabilityTest;
import io.netty.testsuite.transport.socket.SocketConnectTest;
import io.netty.testsuite.transport.socket.SocketEchoTest;
import io.netty.testsuite.transport.socket.SocketFixedLengthEchoTest;
import io.netty.testsuite.transport.socket.SocketGatheringWriteTest;
import io.netty.testsuite.transport.socket.SocketHalfClosedTest;
import io.netty.testsuite.transport.socket.SocketReadPendingTest;
import io.netty.testsuite.transport.socket.SocketShutdownOutputByPeerTest;
import io.netty.testsuite.transport.socket.SocketShutdownOutputBySelfTest;
import io.netty.testsuite.transport.socket.WriteBeforeRegisteredTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

import dev.loopline.runtime.netty.TransportTest;

/** The dozen classes of Netty's suite that are run by every build. */
@TransportTest
@ExtendWith(SuiteGroups.class)
class EssentialSuiteTests {

	@Nested
	class Echo extends SocketEchoTest {

		@Override
		protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
			return SuiteBootstraps.sockets();
		}

	}

	@Nested
	class FixedLengthEcho extends SocketFixedLengthEchoTest {

		@Override
		protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
			return SuiteBootstraps.sockets();
		}

	}

	@Nested
	class AutoRead extends SocketAutoReadTest {

		@Override
		protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
			return SuiteBootstraps.sockets();
		}

	}

	@Nested
	class ReadPending extends SocketReadPendingTest {

		@Override
		protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
			return SuiteBootstraps.sockets();
		}

	}

	@Nested
	@Tag("rescue") // blocks a worker
	class HalfClosed extends SocketHalfClosedTest {

		@Override
		protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
			return SuiteBootstraps.sockets();
		}

	}

	@Nested
	class GatheringWrite extends SocketGatheringWriteTest {

		@Override
		protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
			return SuiteBootstraps.sockets();
		}

	}

	@Nested
	class CompositeBufferGatheringWrite extends CompositeBufferGatheringWriteTest {

		@Override
		protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
			return SuiteBootstraps.sockets();
		}

	}

	@Nested
	class ConditionalWritability extends SocketConditionalWritabilityTest {

		@Override
		protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
			return SuiteBootstraps.sockets();
		}

	}

	@Nested
	class Connect extends SocketConnectTest {

		@Override
		protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
			return SuiteBootstraps.sockets();
		}

	}

	@Nested
	class CloseForcibly extends SocketCloseForciblyTest {

		@Override
		protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
			return SuiteBootstraps.sockets();
		}

	}

	@Nested
	class CancelWrite extends SocketCancelWriteTest {

		@Override
		protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
			return SuiteBootstraps.sockets();
		}

	}

	@Nested
	class ShutdownOutputBySelf extends SocketShutdownOutputBySelfTest {

		@Override
		protected List<BootstrapFactory<Bootstrap>> newFactories() {
			return SuiteBootstraps.clients();
		}

	}

	@Nested
	class ShutdownOutputByPeer extends SocketShutdownOutputByPeerTest {

		@Override
		protected List<BootstrapFactory<ServerBootstrap>> newFactories() {
			return SuiteBootstraps.servers();
		}

	}

	@Nested
	class WriteBeforeRegistered extends WriteBeforeRegisteredTest {

		@Override
		protected List<BootstrapFactory<Bootstrap>> newFactories() {
			return SuiteBootstraps.clients();
		}

	}

}
