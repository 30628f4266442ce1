package dev.loopline.autoconfigure.reactor;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;

/**
 * Marks every HTTP/1.1 answer as the last one of its connection. Reactor Netty's traffic
 * handler comes after it and closes accordingly.
 */
@Sharable
final class ConnectionCloseHandler extends ChannelOutboundHandlerAdapter {

	static final ConnectionCloseHandler INSTANCE = new ConnectionCloseHandler();

	private ConnectionCloseHandler() {
	}

	@Override
	public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
		if (message instanceof HttpResponse response
				&& response.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
			HttpUtil.setKeepAlive(response, false);
		}
		context.write(message, promise);
	}

}
