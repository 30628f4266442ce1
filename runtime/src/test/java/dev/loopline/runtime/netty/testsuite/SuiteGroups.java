package dev.loopline.runtime.netty.testsuite;

import java.util.concurrent.TimeUnit;

import io.netty.channel.IoEventLoopGroup;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import dev.loopline.runtime.netty.TestGroups;
import dev.loopline.runtime.netty.TestTransport;

import static org.assertj.core.api.Assertions.assertThat;

/** The two groups that all tests of the suite share, shut down after the last one. */
class SuiteGroups implements BeforeAllCallback {

	static final TestTransport TRANSPORT = TestTransport.current();

	static final IoEventLoopGroup BOSS = TestGroups.newGroup(TRANSPORT, 1);

	static final IoEventLoopGroup WORKER = TestGroups.newGroup(TRANSPORT, 2);

	@Override
	public void beforeAll(ExtensionContext context) {
		ExtensionContext.Store store = context.getRoot().getStore(ExtensionContext.Namespace.create(SuiteGroups.class));
		store.computeIfAbsent("shutdown", (key) -> (AutoCloseable) SuiteGroups::shutdown);
	}

	private static void shutdown() throws InterruptedException {
		for (IoEventLoopGroup group : new IoEventLoopGroup[] { BOSS, WORKER }) {
			group.shutdownGracefully(0, 10, TimeUnit.SECONDS);
			assertThat(group.awaitTermination(20, TimeUnit.SECONDS)).as("terminated").isTrue();
		}
	}

}
