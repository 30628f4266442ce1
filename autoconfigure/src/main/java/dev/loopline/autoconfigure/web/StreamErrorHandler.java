package dev.loopline.autoconfigure.web;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import org.jspecify.annotations.Nullable;

/**
 * Ends an HTTP/2 request that turns out to be malformed with the error code that says so.
 * Reactor Netty hands the error to whoever reads the body. A handler on a strand of its
 * own may not have come to that yet; then Reactor Netty closes the stream, which cancels
 * it, before Netty resets it. To be added to a stream as its first handler.
 */
final class StreamErrorHandler extends ChannelDuplexHandler {

	private @Nullable Http2Error error;

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		if (cause instanceof Http2Exception.StreamException malformed) {
			this.error = malformed.error();
		}
		context.fireExceptionCaught(cause);
	}

	@Override
	public void close(ChannelHandlerContext context, ChannelPromise promise) {
		if (this.error != null) {
			context.write(new DefaultHttp2ResetFrame(this.error));
		}
		context.close(promise);
	}

}
