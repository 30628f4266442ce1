package dev.loopline.runtime.netty;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

import io.netty.channel.Channel;
import io.netty.channel.IoHandle;
import io.netty.channel.ServerChannel;
import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.StrandKind;

/**
 * What the strand of a channel is called.
 */
final class ChannelName {

	private ChannelName() {
	}

	static StrandKind kindOf(@Nullable Channel channel) {
		if (channel == null) {
			return StrandKind.OTHER;
		}
		return (channel instanceof ServerChannel) ? StrandKind.LISTENER : StrandKind.CONNECTION;
	}

	/**
	 * Names a channel: by the peer of an accepted connection, by both ends of one that
	 * was opened from here, by the local address of what listens.
	 */
	static String of(@Nullable Channel channel) {
		if (channel == null) {
			return "";
		}
		SocketAddress remote = channel.remoteAddress();
		if (remote == null) {
			return text(channel.localAddress());
		}
		return (channel.parent() != null) ? text(remote) : text(channel.localAddress()) + " -> " + text(remote);
	}

	/**
	 * Returns the channel of a handle. Only for its event loop.
	 */
	static @Nullable Channel channelOf(IoHandle handle) {
		return (handle instanceof Channel.Unsafe unsafe) ? unsafe.voidPromise().channel() : null;
	}

	private static String text(@Nullable SocketAddress address) {
		if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
			String host = inet.getAddress().getHostAddress();
			return (host.contains(":") ? '[' + host + ']' : host) + ':' + inet.getPort();
		}
		return (address != null) ? address.toString() : "";
	}

}
