package dev.loopline.runtime.netty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.ReferenceCountUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.loopline.runtime.RuntimeSnapshot;
import dev.loopline.runtime.TaskRuntimeConfig;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for connections that are run by other workers than the one whose driver watches
 * them.
 */
class StealingTests {

	private static final int CONNECTIONS = 200;

	private static final int ROUND_TRIPS = 50;

	@Test
	@Timeout(60)
	void connectionsOfOneDriverKeepEveryWorkerBusy() throws Exception {
		StrandEventLoopGroup group = TestGroups.newGroup(Transport.NIO,
				TaskRuntimeConfig.of((builder) -> builder.workers(2)));
		MultiThreadIoEventLoopGroup clients = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
		try {
			CountDownLatch finished = new CountDownLatch(CONNECTIONS);
			Channel server = server(group, new OneDriverGroup(group));
			for (int i = 0; i < CONNECTIONS; i++) {
				connect(clients, server, new PingPong(finished));
			}
			finished.await();
			RuntimeSnapshot snapshot = group.runtime().diagnostics().snapshot();
			long polls = snapshot.workers().stream().mapToLong((worker) -> worker.polls().count()).sum();
			assertThat(snapshot.workers())
				.allSatisfy((worker) -> assertThat(worker.polls().count()).isGreaterThan(polls / 10));
			assertThat(snapshot.workers())
				.anySatisfy((worker) -> assertThat(worker.search().steals() + worker.io().peerPolls())
					.isGreaterThan(CONNECTIONS));
		}
		finally {
			clients.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
			group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
		}
	}

	private static Channel server(StrandEventLoopGroup group, IoEventLoopGroup children) throws InterruptedException {
		Class<? extends ServerSocketChannel> type = NioServerSocketChannel.class;
		return new ServerBootstrap().group(group, children).channel(type).childHandler(new ChannelInitializer<>() {

			@Override
			protected void initChannel(Channel channel) {
				channel.pipeline().addLast(new BusyEcho());
			}

		}).bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).sync().channel();
	}

	private static void connect(MultiThreadIoEventLoopGroup clients, Channel server, PingPong handler) {
		new Bootstrap().group(clients).channel(NioSocketChannel.class).handler(handler).connect(server.localAddress());
	}

	/**
	 * Registers every channel with the driver of worker 0.
	 */
	private static final class OneDriverGroup extends DelegatingGroup {

		private final StrandEventLoopGroup group;

		OneDriverGroup(StrandEventLoopGroup group) {
			super(group);
			this.group = group;
		}

		@Override
		public IoEventLoop next() {
			return this.group.newLoop(0);
		}

	}

	/**
	 * Computes for a while before it answers, so that one worker alone would be the
	 * bottleneck.
	 */
	private static final class BusyEcho extends ChannelInboundHandlerAdapter {

		private long result;

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			for (int i = 0; i < 50_000; i++) {
				this.result = this.result * 31 + i;
			}
			context.writeAndFlush(message);
		}

	}

	/**
	 * Sends a byte whenever one has come back.
	 */
	private static final class PingPong extends ChannelInboundHandlerAdapter {

		private final CountDownLatch finished;

		private int left = ROUND_TRIPS;

		PingPong(CountDownLatch finished) {
			this.finished = finished;
		}

		@Override
		public void channelActive(ChannelHandlerContext context) {
			context.writeAndFlush(ball());
		}

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			ReferenceCountUtil.release(message);
			if (--this.left > 0) {
				context.writeAndFlush(ball());
			}
			else {
				this.finished.countDown();
			}
		}

		private static ByteBuf ball() {
			return Unpooled.wrappedBuffer(new byte[] { 1 });
		}

	}

}
