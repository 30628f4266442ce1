package dev.loopline.autoconfigure.web;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2StreamChannel;
import org.jspecify.annotations.Nullable;

/**
 * What the strand of a request is called: by its peer and, where the connection has
 * several, its stream. Two are never equal, and the text is made when somebody looks.
 */
final class RequestName {

	private final @Nullable Channel channel;

	RequestName(@Nullable Channel channel) {
		this.channel = channel;
	}

	@Override
	public String toString() {
		if (this.channel == null) {
			return "";
		}
		String peer = String.valueOf(this.channel.remoteAddress());
		String name = peer.startsWith("/") ? peer.substring(1) : peer;
		return (this.channel instanceof Http2StreamChannel http2) ? name + " stream " + http2.stream().id() : name;
	}

}
