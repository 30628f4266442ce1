package dev.loopline.autoconfigure.reactor;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.ReferenceCountUtil;

/**
 * One connection that speaks HTTP/2 in clear text and notes every GOAWAY.
 */
final class GoAwayClient implements AutoCloseable {

	private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

	private final List<Integer> goAways = new CopyOnWriteArrayList<>();

	private final Channel channel;

	GoAwayClient(int port) throws InterruptedException {
		this.channel = new Bootstrap().group(this.group)
			.channel(NioSocketChannel.class)
			.handler(new ChannelInitializer<>() {
				@Override
				protected void initChannel(Channel channel) {
					channel.pipeline()
						.addLast(Http2FrameCodecBuilder.forClient().build(),
								new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()), new GoAwayHandler());
				}
			})
			.connect("127.0.0.1", port)
			.sync()
			.channel();
	}

	/** The last stream of every GOAWAY so far. */
	List<Integer> goAways() {
		return this.goAways;
	}

	CompletableFuture<String> get(String path) throws InterruptedException {
		CompletableFuture<String> body = new CompletableFuture<>();
		Channel stream = new Http2StreamChannelBootstrap(this.channel).handler(new BodyHandler(body))
			.open()
			.sync()
			.getNow();
		DefaultHttp2Headers headers = new DefaultHttp2Headers();
		headers.method("GET").path(path).scheme("http").authority("localhost");
		stream.writeAndFlush(new DefaultHttp2HeadersFrame(headers, true)).sync();
		return body;
	}

	@Override
	public void close() {
		this.channel.close().awaitUninterruptibly();
		this.group.shutdownGracefully();
	}

	private final class GoAwayHandler extends ChannelInboundHandlerAdapter {

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			if (message instanceof Http2GoAwayFrame goAway) {
				GoAwayClient.this.goAways.add(goAway.lastStreamId());
			}
			ReferenceCountUtil.release(message);
		}

	}

	private static final class BodyHandler extends SimpleChannelInboundHandler<Http2StreamFrame> {

		private final CompletableFuture<String> body;

		private final StringBuilder text = new StringBuilder();

		BodyHandler(CompletableFuture<String> body) {
			this.body = body;
		}

		@Override
		protected void channelRead0(ChannelHandlerContext context, Http2StreamFrame frame) {
			if (frame instanceof Http2DataFrame data) {
				this.text.append(data.content().toString(StandardCharsets.UTF_8));
				complete(data.isEndStream());
			}
			else if (frame instanceof Http2HeadersFrame headers) {
				complete(headers.isEndStream());
			}
			else if (frame instanceof Http2ResetFrame reset) {
				this.body.completeExceptionally(new IllegalStateException("Reset: " + reset.errorCode()));
			}
		}

		private void complete(boolean ended) {
			if (ended) {
				this.body.complete(this.text.toString());
			}
		}

		@Override
		public void channelInactive(ChannelHandlerContext context) {
			this.body.completeExceptionally(new IllegalStateException("Closed"));
		}

	}

}
