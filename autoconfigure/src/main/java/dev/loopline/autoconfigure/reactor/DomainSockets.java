package dev.loopline.autoconfigure.reactor;

import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;

/**
 * Lets clients connect to sockets in the file system by NIO, which does not know the
 * addresses that Netty's other transports have for them. Safe for use by many threads.
 */
@ChannelHandler.Sharable
public final class DomainSockets extends ChannelOutboundHandlerAdapter {

	private static final DomainSockets INSTANCE = new DomainSockets();

	private DomainSockets() {
	}

	/**
	 * Makes a new channel fit for such addresses.
	 * @param <C> the type of the channel
	 * @param channel the channel
	 * @return the channel
	 */
	public static <C extends Channel> C prepare(C channel) {
		Channel any = channel;
		if (any instanceof NioDomainSocketChannel) {
			any.pipeline().addFirst(INSTANCE);
		}
		return channel;
	}

	@Override
	public void connect(ChannelHandlerContext ctx, SocketAddress remote, SocketAddress local, ChannelPromise promise) {
		SocketAddress known = (remote instanceof DomainSocketAddress address)
				? UnixDomainSocketAddress.of(address.path()) : remote;
		ctx.connect(known, local, promise);
	}

}
