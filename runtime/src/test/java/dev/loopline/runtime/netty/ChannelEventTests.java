package dev.loopline.runtime.netty;

import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.loopline.runtime.Await;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the order of reads and tasks, and for the ways in which connections begin and
 * end.
 */
@TransportTest
@Timeout(60)
class ChannelEventTests {

	private final Sockets sockets = new Sockets();

	@AfterEach
	void shutdown() throws Exception {
		this.sockets.close();
	}

	@Test
	void tasksQueuedByAReadRunBeforeTheNextRead() throws Exception {
		int bytes = 200_000;
		AtomicInteger queued = new AtomicInteger();
		AtomicInteger overtaken = new AtomicInteger();
		CountDownLatch received = new CountDownLatch(1);
		CountingHandler handler = new CountingHandler(bytes, received::countDown) {
			@Override
			protected void channelRead0(ChannelHandlerContext ctx, ByteBuf buffer) {
				overtaken.addAndGet(queued.get());
				queued.set(2);
				ctx.executor().execute(() -> {
					queued.decrementAndGet();
					ctx.executor().execute(queued::decrementAndGet);
				});
				super.channelRead0(ctx, buffer);
			}
		};
		Channel server = this.sockets.server()
			.childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(64).maxMessagesPerRead(1))
			.childHandler(handler)
			.bind()
			.sync()
			.channel();
		try (Socket peer = connectPlainly(server)) {
			OutputStream out = peer.getOutputStream();
			byte[] chunk = new byte[1000];
			for (int sent = 0; sent < bytes; sent += chunk.length) {
				out.write(chunk);
			}
			assertThat(received.await(20, TimeUnit.SECONDS)).isTrue();
		}
		assertThat(overtaken).hasValue(0);
	}

	@Test
	void responseThatIsFlushedByATaskComesBeforeTheAnswerToTheNextRequest() throws Exception {
		int requests = 5000;
		Channel server = this.sockets.server()
			.childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(1).maxMessagesPerRead(1))
			.childHandler(new SimpleChannelInboundHandler<ByteBuf>() {
				@Override
				protected void channelRead0(ChannelHandlerContext ctx, ByteBuf request) {
					byte number = request.readByte();
					ctx.write(Unpooled.buffer(1).writeByte(number));
					ctx.executor().execute(() -> ctx.writeAndFlush(Unpooled.buffer(1).writeByte(number)));
				}
			})
			.bind()
			.sync()
			.channel();
		try (Socket peer = connectPlainly(server)) {
			byte[] sent = new byte[requests];
			for (int i = 0; i < requests; i++) {
				sent[i] = (byte) i;
			}
			Thread sender = new Thread(() -> {
				try {
					peer.getOutputStream().write(sent);
				}
				catch (Exception ex) {
					throw new IllegalStateException(ex);
				}
			});
			sender.start();
			byte[] responses = peer.getInputStream().readNBytes(2 * requests);
			sender.join();
			for (int i = 0; i < requests; i++) {
				assertThat(responses[2 * i]).isEqualTo(sent[i]);
				assertThat(responses[2 * i + 1]).isEqualTo(sent[i]);
			}
		}
	}

	@Test
	void togglingAutoReadLosesNoByte() throws Exception {
		byte[] data = Payload.random(1, 2_000_000);
		CountDownLatch received = new CountDownLatch(1);
		AtomicReference<Channel> accepted = new AtomicReference<>();
		CountingHandler handler = new CountingHandler(data.length, received::countDown) {
			@Override
			public void channelActive(ChannelHandlerContext ctx) {
				accepted.set(ctx.channel());
			}
		};
		Channel server = this.sockets.server()
			.childOption(ChannelOption.AUTO_READ, false)
			.childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(512))
			.childHandler(handler)
			.bind()
			.sync()
			.channel();
		Channel client = this.sockets.connect(server.localAddress(), new ChannelInboundHandlerAdapter());
		Await.until("accepted", () -> accepted.get() != null);
		client.writeAndFlush(Unpooled.wrappedBuffer(data));
		Channel channel = accepted.get();
		for (int i = 0; i < 1000; i++) {
			switch (i % 4) {
				case 0 -> channel.config().setAutoRead(true);
				case 1 -> channel.config().setAutoRead(false);
				case 2 -> channel.read();
				default -> channel.eventLoop().execute(() -> {
					channel.config().setAutoRead(true);
					channel.config().setAutoRead(false);
				});
			}
			if (i % 50 == 0) {
				channel.eventLoop().submit(() -> {
				}).sync();
			}
		}
		channel.eventLoop().execute(() -> channel.config().setAutoRead(true));
		assertThat(received.await(20, TimeUnit.SECONDS)).isTrue();
		assertThat(handler.count()).isEqualTo(data.length);
		assertThat(handler.checksum()).isEqualTo(Payload.checksum(data));
	}

	@Test
	void explicitReadsDeliverOneAtATime() throws Exception {
		int bytes = 1000;
		AtomicReference<Channel> accepted = new AtomicReference<>();
		CountingHandler handler = new CountingHandler(bytes, () -> {
		}) {
			@Override
			public void channelActive(ChannelHandlerContext ctx) {
				accepted.set(ctx.channel());
			}
		};
		Channel server = this.sockets.server()
			.childOption(ChannelOption.AUTO_READ, false)
			.childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(1).maxMessagesPerRead(1))
			.childHandler(handler)
			.bind()
			.sync()
			.channel();
		Channel client = this.sockets.connect(server.localAddress(), new ChannelInboundHandlerAdapter());
		Await.until("accepted", () -> accepted.get() != null);
		client.writeAndFlush(Unpooled.wrappedBuffer(new byte[bytes])).sync();
		for (int i = 1; i <= bytes; i++) {
			accepted.get().read();
			Await.count("bytes", i, handler::count);
		}
	}

	@Test
	void channelWithAutoReadOffReadsNothing() throws Exception {
		AtomicReference<Channel> accepted = new AtomicReference<>();
		CountingHandler handler = new CountingHandler(1, () -> {
		}) {
			@Override
			public void channelActive(ChannelHandlerContext ctx) {
				accepted.set(ctx.channel());
			}
		};
		Channel server = this.sockets.server()
			.childOption(ChannelOption.AUTO_READ, false)
			.childHandler(handler)
			.bind()
			.sync()
			.channel();
		Channel client = this.sockets.connect(server.localAddress(), new ChannelInboundHandlerAdapter());
		Await.until("accepted", () -> accepted.get() != null);
		client.writeAndFlush(Unpooled.wrappedBuffer(new byte[1])).sync();
		accepted.get().eventLoop().schedule(() -> {
		}, 100, TimeUnit.MILLISECONDS).sync();
		assertThat(handler.count()).isZero();
		accepted.get().read();
		Await.until("read", () -> handler.count() == 1);
	}

	@Test
	void halfClosedConnectionStillSends() throws Exception {
		Queue<Object> events = new ConcurrentLinkedQueue<>();
		Channel server = this.sockets.server()
			.childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
			.childHandler(new ChannelInboundHandlerAdapter() {
				@Override
				public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
					events.add(event);
					if (event == ChannelInputShutdownEvent.INSTANCE) {
						ctx.executor()
							.execute(() -> ctx
								.writeAndFlush(Unpooled.copiedBuffer("after the end", StandardCharsets.US_ASCII))
								.addListener((future) -> ctx.close()));
					}
				}
			})
			.bind()
			.sync()
			.channel();
		try (Socket peer = connectPlainly(server)) {
			peer.getOutputStream().write("request".getBytes(StandardCharsets.US_ASCII));
			peer.shutdownOutput();
			assertThat(new String(peer.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
				.isEqualTo("after the end");
		}
		assertThat(events.stream().filter((event) -> event == ChannelInputShutdownEvent.INSTANCE)).hasSize(1);
	}

	@Test
	void shutdownOutputIsSeenByThePeerWhichStillSends() throws Exception {
		try (ServerSocket peer = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			CountDownLatch received = new CountDownLatch(1);
			SocketChannel client = (SocketChannel) this.sockets.client()
				.option(ChannelOption.ALLOW_HALF_CLOSURE, true)
				.handler(new CountingHandler(3, received::countDown))
				.connect(peer.getLocalSocketAddress())
				.sync()
				.channel();
			try (Socket accepted = peer.accept()) {
				client.writeAndFlush(Unpooled.wrappedBuffer(new byte[7])).sync();
				client.shutdownOutput().sync();
				assertThat(accepted.getInputStream().readAllBytes()).hasSize(7);
				accepted.getOutputStream().write(new byte[3]);
				assertThat(received.await(10, TimeUnit.SECONDS)).isTrue();
				assertThat(client.isOutputShutdown()).isTrue();
			}
			client.close().sync();
		}
	}

	@Test
	void closeByThePeerMakesTheChannelInactiveOnce() throws Exception {
		List<String> events = new CopyOnWriteArrayList<>();
		Channel server = this.sockets.listen(new ChannelInboundHandlerAdapter() {
			@Override
			public void channelActive(ChannelHandlerContext ctx) {
				events.add("active");
			}

			@Override
			public void channelInactive(ChannelHandlerContext ctx) {
				events.add("inactive");
			}

			@Override
			public void channelUnregistered(ChannelHandlerContext ctx) {
				events.add("unregistered");
			}
		});
		connectPlainly(server).close();
		Await.until("unregistered", () -> events.contains("unregistered"));
		assertThat(events).containsExactly("active", "inactive", "unregistered");
	}

	@Test
	void refusedConnectFails() throws Exception {
		InetSocketAddress nobody;
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			nobody = (InetSocketAddress) socket.getLocalSocketAddress();
		}
		for (int i = 0; i < 50; i++) {
			ChannelFuture connect = this.sockets.client().handler(new ChannelInboundHandlerAdapter()).connect(nobody);
			assertThat(connect.await(10, TimeUnit.SECONDS)).isTrue();
			assertThat(connect.cause()).isInstanceOf(ConnectException.class);
			assertThat(connect.channel().closeFuture().await(10, TimeUnit.SECONDS)).isTrue();
		}
	}

	@Test
	void connectTimeoutFires() throws Exception {
		try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			ChannelFuture[] connects = new ChannelFuture[20];
			for (int i = 0; i < connects.length; i++) {
				connects[i] = this.sockets.client()
					.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 300)
					.handler(new ChannelInboundHandlerAdapter())
					.connect(full.getLocalSocketAddress());
			}
			for (ChannelFuture connect : connects) {
				assertThat(connect.await(10, TimeUnit.SECONDS)).isTrue();
				if (!connect.isSuccess()) {
					assertThat(connect.cause()).isInstanceOf(ConnectTimeoutException.class);
				}
			}
			assertThat(connects).anyMatch((connect) -> !connect.isSuccess());
		}
	}

	private static Socket connectPlainly(Channel server) throws Exception {
		InetSocketAddress address = (InetSocketAddress) server.localAddress();
		Socket socket = new Socket(address.getAddress(), address.getPort());
		socket.setTcpNoDelay(true);
		socket.setSoTimeout(20_000);
		return socket;
	}

}
