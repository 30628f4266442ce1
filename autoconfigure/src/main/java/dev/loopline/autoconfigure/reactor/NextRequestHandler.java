package dev.loopline.autoconfigure.reactor;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import reactor.netty.ConnectionObserver;
import reactor.netty.NettyPipeline;

import dev.loopline.runtime.netty.BatchFlushHandler;

/**
 * Lets leave what must not be held back. An answer goes before the next request of its
 * connection is looked at: Reactor Netty takes an answer that has left for that of the
 * request that began last, a pipelined one, which was then never answered. The head of a
 * streamed answer goes at once: Reactor Netty asks for the body when the head has left,
 * and if that has failed by then, Spring drops the first part of it.
 */
final class NextRequestHandler extends ChannelDuplexHandler {

	private static final String NAME = NextRequestHandler.class.getName();

	private final BatchFlushHandler flushes;

	private NextRequestHandler(BatchFlushHandler flushes) {
		this.flushes = flushes;
	}

	/**
	 * Makes an observer that gives one to every connection of HTTP/1.1. With TLS the
	 * pipeline is not complete until the first request.
	 */
	static ConnectionObserver observer() {
		return (connection, state) -> {
			if (state == ConnectionObserver.State.CONNECTED || state == ConnectionObserver.State.CONFIGURED) {
				add(connection.channel().pipeline());
			}
		};
	}

	private static void add(ChannelPipeline pipeline) {
		BatchFlushHandler flushes = (pipeline.get(NAME) == null) ? pipeline.get(BatchFlushHandler.class) : null;
		if (flushes != null && pipeline.get(NettyPipeline.HttpCodec) != null) {
			pipeline.addAfter(NettyPipeline.HttpCodec, NAME, new NextRequestHandler(flushes));
		}
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		if (message instanceof HttpRequest) {
			this.flushes.release();
		}
		context.fireChannelRead(message);
	}

	/**
	 * An answer that comes as a whole is of another class.
	 */
	@Override
	public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
		if (message.getClass() == DefaultHttpResponse.class) {
			this.flushes.hurry();
		}
		context.write(message, promise);
	}

}
