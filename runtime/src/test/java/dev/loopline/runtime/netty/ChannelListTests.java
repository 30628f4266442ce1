package dev.loopline.runtime.netty;

import java.net.InetSocketAddress;
import java.util.List;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.loopline.runtime.Await;
import dev.loopline.runtime.StrandKind;
import dev.loopline.runtime.StrandSnapshot;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.io.DriverSnapshot;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for how channels appear in the list of strands and in the counts of drivers. */
@TransportTest
@Timeout(60)
class ChannelListTests {

	@Test
	void channelIsListedWhileItIsRegistered() throws Exception {
		Assumptions.assumeFalse(TestGroups.isNetty());
		try (Sockets sockets = new Sockets()) {
			TaskRuntime runtime = ((StrandEventLoopGroup) sockets.group).runtime();
			assertThat(runtime.diagnostics().strands()).isEmpty();
			Channel server = sockets.listen(new ChannelInboundHandlerAdapter());
			Channel client = sockets.connect(server.localAddress(), new ChannelInboundHandlerAdapter());
			String port = ":" + ((InetSocketAddress) server.localAddress()).getPort();
			String clientPort = ":" + ((InetSocketAddress) client.localAddress()).getPort();
			Await.until("both ends listed", () -> named(runtime, StrandKind.CONNECTION).size() == 2);
			assertThat(named(runtime, StrandKind.LISTENER)).singleElement().asString().endsWith(port);
			assertThat(named(runtime, StrandKind.CONNECTION)).anyMatch((name) -> name.endsWith(clientPort))
				.anyMatch((name) -> name.contains(clientPort + " -> ") && name.endsWith(port));
			assertThat(runtime.diagnostics().snapshot().strands().live()).containsEntry(StrandKind.CONNECTION, 2L);
			assertThat(drivers(runtime).stream().mapToLong(DriverSnapshot::registered).sum()).isEqualTo(3);
			client.close().sync();
			Await.until("both ends gone", () -> named(runtime, StrandKind.CONNECTION).isEmpty());
			server.close().sync();
			Await.until("listener gone", () -> runtime.diagnostics().strands().findAny().isEmpty());
			Await.until("nothing registered",
					() -> drivers(runtime).stream().mapToLong(DriverSnapshot::registered).sum() == 0);
			assertThat(drivers(runtime).stream().mapToLong(DriverSnapshot::registrations).sum()).isEqualTo(3);
		}
	}

	private static List<String> named(TaskRuntime runtime, StrandKind kind) {
		return runtime.diagnostics()
			.strands()
			.filter((strand) -> strand.kind() == kind)
			.map(StrandSnapshot::name)
			.toList();
	}

	private static List<DriverSnapshot> drivers(TaskRuntime runtime) {
		return runtime.diagnostics().snapshot().workers().stream().map((worker) -> worker.io().driver()).toList();
	}

}
