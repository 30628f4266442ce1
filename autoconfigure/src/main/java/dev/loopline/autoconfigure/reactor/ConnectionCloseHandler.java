package dev.loopline.autoconfigure.reactor;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;

/**
 * Marks every HTTP/1.1 answer as the last one of its connection once the server is about
 * to end. Reactor Netty's traffic handler comes after it and closes accordingly. It is
 * there from the start: a handler that blocks keeps its strand from adding it later.
 */
@Sharable
final class ConnectionCloseHandler extends ChannelOutboundHandlerAdapter {

	private volatile boolean leaving;

	void leave() {
		this.leaving = true;
	}

	boolean isLeaving() {
		return this.leaving;
	}

	@Override
	public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
		if (this.leaving && message instanceof HttpResponse response
				&& response.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
			HttpUtil.setKeepAlive(response, false);
		}
		context.write(message, promise);
	}

}
