package dev.loopline.runtime.netty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.WriteBufferWaterMark;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.loopline.runtime.Await;
import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;
import dev.loopline.runtime.TaskRuntimeConfig;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BatchFlushHandler}.
 */
@TransportTest
@Timeout(60)
class BatchFlushHandlerTests {

	/** One worker, which no cold poll costs its strands. */
	private StrandEventLoopGroup group = newGroup(Duration.ofMinutes(1));

	private final List<String> order = new CopyOnWriteArrayList<>();

	/** A ring belongs to one thread, and sends what it holds in one call anyway. */
	@BeforeEach
	void assumeThatStrandsMayWait() {
		Assumptions.assumeTrue(TestTransport.current() != TestTransport.IO_URING);
	}

	@AfterEach
	void shutdown() throws Exception {
		this.group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
	}

	@Test
	void strandsThatWaitGoFirst() throws Exception {
		assertThat(ask((context) -> {
			letAnotherStrandWait();
			ChannelFuture sent = context.writeAndFlush(bytes("answer"));
			sent.addListener((done) -> {
				this.order.add("sent");
				context.close();
			});
			this.order.add(sent.isDone() ? "sent at once" : "held back");
		})).isEqualTo("answer");
		assertThat(this.order).containsExactly("held back", "other strand", "sent");
	}

	@Test
	void flushIsNotHeldBackWhenNoStrandWaits() throws Exception {
		assertThat(ask((context) -> {
			this.order.add(context.writeAndFlush(bytes("answer")).isDone() ? "sent at once" : "held back");
			context.close();
		})).isEqualTo("answer");
		assertThat(this.order).containsExactly("sent at once");
	}

	@Test
	void urgentFlushIsNotHeldBack() throws Exception {
		assertThat(ask((context) -> {
			letAnotherStrandWait();
			ChannelFuture held = context.writeAndFlush(bytes("a"));
			context.pipeline().get(BatchFlushHandler.class).hurry();
			context.write(bytes("b"));
			this.order.add(held.isDone() ? "sent before its flush" : "held back");
			this.order.add(context.writeAndFlush(bytes("c")).isDone() ? "sent at once" : "held back");
			this.order.add(context.writeAndFlush(bytes("d")).isDone() ? "sent at once" : "held back");
			context.close();
		})).isEqualTo("abcd");
		assertThat(this.order).startsWith("held back", "sent at once", "held back");
	}

	@Test
	void manyFlushesBecomeOne() throws Exception {
		assertThat(ask((context) -> {
			letAnotherStrandWait();
			context.writeAndFlush(bytes("a"));
			context.writeAndFlush(bytes("b"));
			context.writeAndFlush(bytes("c")).addListener((done) -> context.close());
		})).isEqualTo("abc");
	}

	@Test
	void closingSendsWhatIsHeldBack() throws Exception {
		assertThat(ask((context) -> {
			letAnotherStrandWait();
			context.writeAndFlush(bytes("answer"));
			context.close();
		})).isEqualTo("answer");
	}

	@Test
	void removalSendsWhatIsHeldBack() throws Exception {
		assertThat(ask((context) -> {
			letAnotherStrandWait();
			ChannelFuture sent = context.writeAndFlush(bytes("answer"));
			context.pipeline().remove(BatchFlushHandler.class);
			this.order.add(sent.isDone() ? "sent at once" : "held back");
			context.close();
		})).isEqualTo("answer");
		assertThat(this.order).startsWith("sent at once");
	}

	@Test
	void fullBufferIsNotHeldBack() throws Exception {
		assertThat(ask((context) -> {
			letAnotherStrandWait();
			ChannelFuture sent = context.writeAndFlush(bytes("a"));
			this.order.add(sent.isDone() ? "sent at once" : "held back");
			context.write(bytes("b".repeat(1000)));
			this.order.add(sent.isDone() ? "sent" : "held back");
			context.close();
		})).isEqualTo("a" + "b".repeat(1000));
		assertThat(this.order).startsWith("held back", "sent");
	}

	@Test
	void slowStrandHoldsNothingBack() throws Exception {
		shutdown();
		this.group = newGroup(Duration.ofMillis(5));
		assertThat(ask((context) -> {
			letAnotherStrandWait();
			ChannelFuture sent = context.writeAndFlush(bytes("a"));
			Strand strand = Strand.current();
			Await.until("handed off", () -> StrandInstrumentation.isSlow(strand));
			context.writeAndFlush(bytes("b"));
			this.order.add(sent.isDone() ? "sent" : "held back");
			context.writeAndFlush(bytes("c"));
			context.close();
		})).isEqualTo("abc");
		Await.until("the spare thread runs what waited", () -> this.order.contains("other strand"));
		assertThat(this.order).containsExactlyInAnyOrder("other strand", "sent");
	}

	private static StrandEventLoopGroup newGroup(Duration stallThreshold) {
		return TestGroups.newGroup(Transport.valueOf(TestTransport.current().name()),
				TaskRuntimeConfig.of((builder) -> builder.workers(1).stallThreshold(stallThreshold)));
	}

	/**
	 * Sends a byte to a server on this worker and returns its answer.
	 */
	private String ask(Answer answer) throws Exception {
		CompletableFuture<Void> answered = new CompletableFuture<>();
		Channel server = Sockets.server(this.group)
			.childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(500, 1000))
			.childHandler(new ChannelInitializer<>() {
				@Override
				protected void initChannel(Channel channel) {
					channel.pipeline().addFirst(new BatchFlushHandler());
					channel.pipeline().addLast(new SimpleChannelInboundHandler<ByteBuf>() {
						@Override
						protected void channelRead0(ChannelHandlerContext context, ByteBuf request) {
							try {
								answer.to(context);
								answered.complete(null);
							}
							catch (Throwable ex) {
								answered.completeExceptionally(ex);
							}
						}
					});
				}
			})
			.bind()
			.sync()
			.channel();
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(),
				((InetSocketAddress) server.localAddress()).getPort())) {
			socket.getOutputStream().write(1);
			String received = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
			answered.get();
			return received;
		}
	}

	/**
	 * Wakes a strand that the only worker, which calls this, cannot run yet.
	 */
	private void letAnotherStrandWait() {
		this.group.next().execute(() -> this.order.add("other strand"));
	}

	private static ByteBuf bytes(String text) {
		return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
	}

	/**
	 * What a server does with a request.
	 */
	private interface Answer {

		void to(ChannelHandlerContext context) throws Exception;

	}

}
