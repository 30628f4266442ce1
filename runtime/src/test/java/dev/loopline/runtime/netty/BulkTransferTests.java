package dev.loopline.runtime.netty;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.zip.CRC32;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import dev.loopline.runtime.Await;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for much data and for many connections. */
@TransportTest
@Timeout(120)
class BulkTransferTests {

	private final Sockets sockets = new Sockets();

	@AfterEach
	void shutdown() throws Exception {
		this.sockets.close();
	}

	@Test
	void fiftyMegabytesInRandomChunksArriveIntact() throws Exception {
		int total = 50_000_000;
		byte[] data = Payload.random(42, total);
		CountDownLatch received = new CountDownLatch(1);
		CountingHandler counter = new CountingHandler(total, received::countDown);
		Channel server = this.sockets.listen(new EchoHandler());
		Channel client = this.sockets.connect(server.localAddress(), counter);
		Random random = new Random(7);
		for (int sent = 0; sent < total;) {
			int length = Math.min(1 + random.nextInt(100_000), total - sent);
			ByteBuf chunk = client.alloc().buffer(length).writeBytes(data, sent, length);
			sent += length;
			if (random.nextInt(4) == 0) {
				client.writeAndFlush(chunk).sync();
			}
			else {
				client.write(chunk);
			}
		}
		client.flush();
		assertThat(received.await(60, TimeUnit.SECONDS)).as("%d of %d bytes", counter.count(), total).isTrue();
		assertThat(counter.checksum()).isEqualTo(Payload.checksum(data));
	}

	@Test
	void writabilityFollowsASlowReader() throws Exception {
		AtomicReference<Channel> accepted = new AtomicReference<>();
		CountingHandler counter = new CountingHandler(Long.MAX_VALUE, () -> {
		}) {
			@Override
			public void channelActive(ChannelHandlerContext ctx) {
				accepted.set(ctx.channel());
			}
		};
		Channel server = this.sockets.server()
			.childOption(ChannelOption.AUTO_READ, false)
			.childHandler(counter)
			.bind()
			.sync()
			.channel();
		List<Boolean> changes = new CopyOnWriteArrayList<>();
		Channel client = this.sockets.client()
			.option(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(32 * 1024, 64 * 1024))
			.handler(new ChannelInboundHandlerAdapter() {
				@Override
				public void channelWritabilityChanged(ChannelHandlerContext ctx) {
					changes.add(ctx.channel().isWritable());
				}
			})
			.connect(server.localAddress())
			.sync()
			.channel();
		Await.until("accepted", () -> accepted.get() != null);
		AtomicInteger sent = new AtomicInteger();
		for (int round = 0; round < 3; round++) {
			Await.until("not writable", () -> client.eventLoop().submit(() -> {
				while (client.isWritable()) {
					client.writeAndFlush(Unpooled.wrappedBuffer(new byte[16 * 1024]));
					sent.addAndGet(16 * 1024);
				}
				return client.unsafe().outboundBuffer().totalPendingWriteBytes() > 64 * 1024;
			}).get(10, TimeUnit.SECONDS));
			accepted.get().config().setAutoRead(true);
			Await.count("bytes", sent.get(), counter::count);
			Await.until("writable", client::isWritable);
			accepted.get().config().setAutoRead(false);
		}
		// Handlers are told after it is to be seen
		Await.until("told of every change", () -> changes.size() >= 6);
		for (int i = 0; i < changes.size(); i++) {
			assertThat(changes.get(i)).isEqualTo(i % 2 == 1);
		}
	}

	@Test
	void gatheringWritesOfSeveralConnectionsDoNotMix() throws Exception {
		int connections = 16;
		int buffers = 200;
		List<CountingHandler> counters = new CopyOnWriteArrayList<>();
		Channel server = this.sockets.listen(new EchoHandler());
		List<Channel> clients = new ArrayList<>();
		for (int i = 0; i < connections; i++) {
			CountingHandler counter = new CountingHandler(Long.MAX_VALUE, () -> {
			});
			counters.add(counter);
			clients.add(this.sockets.connect(server.localAddress(), counter));
		}
		List<CRC32> checksums = Stream.generate(CRC32::new).limit(connections).toList();
		long[] lengths = new long[connections];
		Random random = new Random(11);
		for (int i = 0; i < buffers; i++) {
			for (int c = 0; c < connections; c++) {
				ByteBuf buffer = composite(random, clients.get(c));
				checksums.get(c).update(buffer.nioBuffer());
				lengths[c] += buffer.readableBytes();
				clients.get(c).write(buffer);
			}
			if (i % 4 == 3) {
				clients.forEach(Channel::flush);
			}
		}
		for (int c = 0; c < connections; c++) {
			CountingHandler counter = counters.get(c);
			Await.count("bytes of connection " + c, lengths[c], counter::count);
			assertThat(counter.checksum()).isEqualTo(checksums.get(c).getValue());
		}
	}

	private static CompositeByteBuf composite(Random random, Channel channel) {
		int components = 1 + random.nextInt(40);
		CompositeByteBuf composite = channel.alloc().compositeBuffer(components);
		for (int i = 0; i < components; i++) {
			byte[] data = new byte[random.nextInt(300)];
			random.nextBytes(data);
			ByteBuf component = random.nextBoolean() ? channel.alloc().directBuffer() : channel.alloc().heapBuffer();
			composite.addComponent(true, component.writeBytes(data));
		}
		return composite;
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void connectionsThatCameAndWentLeaveNoOpenFile() throws Exception {
		Channel server = this.sockets.listen(new EchoHandler());
		openAndClose(server, 20);
		server.eventLoop().submit(() -> {
		}).sync();
		long before = openFiles();
		openAndClose(server, 2000);
		Await.until("files closed, now " + openFiles() + " and before " + before, () -> openFiles() <= before);
	}

	private void openAndClose(Channel server, int connections) throws Exception {
		for (int i = 0; i < connections; i++) {
			CountDownLatch echoed = new CountDownLatch(1);
			Channel client = this.sockets.connect(server.localAddress(), new ChannelInitializer<Channel>() {
				@Override
				protected void initChannel(Channel channel) {
					channel.pipeline().addLast(new CountingHandler(1, echoed::countDown));
				}
			});
			client.writeAndFlush(client.alloc().buffer(1).writeByte(1));
			assertThat(echoed.await(10, TimeUnit.SECONDS)).as("connection %d", i).isTrue();
			client.close().sync();
		}
	}

	private static long openFiles() throws IOException {
		try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
			return files.count();
		}
	}

}
