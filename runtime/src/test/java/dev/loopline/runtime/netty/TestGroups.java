package dev.loopline.runtime.netty;

import java.util.concurrent.ThreadFactory;

import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;

import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;

/**
 * The only place where tests make event loop groups: ours, or with
 * {@code -Dloopline.testsuite.group=netty} Netty's own as a baseline.
 */
public final class TestGroups {

	private TestGroups() {
	}

	public static boolean isNetty() {
		return "netty".equals(System.getProperty("loopline.testsuite.group"));
	}

	public static IoEventLoopGroup newGroup(TestTransport transport, int threads) {
		return newGroup(transport, threads, new DefaultThreadFactory("test-" + transport, true));
	}

	public static IoEventLoopGroup newGroup(TestTransport transport, int threads, ThreadFactory threadFactory) {
		if (isNetty()) {
			return new MultiThreadIoEventLoopGroup(threads, threadFactory, transport.newHandlerFactory());
		}
		TaskRuntimeConfig config = TaskRuntimeConfig
			.of((builder) -> builder.workers(threads).threadFactory(threadFactory));
		return newGroup(Transport.valueOf(transport.name()), config);
	}

	/**
	 * Makes a group on a runtime that ends with it.
	 */
	static StrandEventLoopGroup newGroup(Transport transport, TaskRuntimeConfig config) {
		return new StrandEventLoopGroup(TaskRuntime.start(config, transport.driverFactory()), transport);
	}

}
