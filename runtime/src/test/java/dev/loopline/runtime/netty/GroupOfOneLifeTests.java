package dev.loopline.runtime.netty;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.IoEventLoop;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link StrandEventLoopGroup} on a runtime that ends and begins again.
 */
@Timeout(60)
class GroupOfOneLifeTests {

	private static final TaskRuntimeConfig CONFIG = TaskRuntimeConfig.of((builder) -> builder.workers(2));

	private final TaskRuntime runtime = TaskRuntime.start(CONFIG, Transport.NIO.driverFactory());

	@AfterEach
	void endRuntime() {
		this.runtime.close();
	}

	@Test
	void runtimeThatLivesAgainServesANewGroup() {
		StrandEventLoopGroup former = new StrandEventLoopGroup(this.runtime, Transport.NIO);
		Channel server = bind(former);
		former.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();
		assertThat(server.isOpen()).isFalse();
		assertThat(this.runtime.isShutdown()).isTrue();
		this.runtime.restart();
		StrandEventLoopGroup group = new StrandEventLoopGroup(this.runtime, Transport.NIO);
		Channel client = new Bootstrap().group(group)
			.channel(NioSocketChannel.class)
			.handler(new ChannelInboundHandlerAdapter())
			.connect(bind(group).localAddress())
			.syncUninterruptibly()
			.channel();
		assertThat(client.isActive()).isTrue();
		assertThat(group.isShuttingDown()).isFalse();
	}

	@Test
	void formerGroupStaysEndedAndEndsNothingMore() {
		StrandEventLoopGroup former = new StrandEventLoopGroup(this.runtime, Transport.NIO);
		IoEventLoop before = former.next();
		former.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();
		this.runtime.restart();
		assertThat(former.isShuttingDown()).isTrue();
		assertThat(former.isShutdown()).isTrue();
		assertThat(former.isTerminated()).isTrue();
		for (IoEventLoop loop : new IoEventLoop[] { before, former.next(), former.next() }) {
			assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> loop.execute(() -> {
			}));
		}
		former.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
		assertThat(this.runtime.isShuttingDown()).isFalse();
	}

	@Test
	void runtimeWithoutDriversOfNettyIsRefused() {
		try (TaskRuntime other = TaskRuntime.start(CONFIG)) {
			assertThatIllegalArgumentException().isThrownBy(() -> new StrandEventLoopGroup(other, Transport.NIO))
				.withMessageContaining("drivers");
		}
	}

	private static Channel bind(StrandEventLoopGroup group) {
		return new ServerBootstrap().group(group)
			.channel(NioServerSocketChannel.class)
			.childHandler(new ChannelInboundHandlerAdapter())
			.bind("127.0.0.1", 0)
			.syncUninterruptibly()
			.channel();
	}

}
