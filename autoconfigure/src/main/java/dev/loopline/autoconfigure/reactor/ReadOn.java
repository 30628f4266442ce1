package dev.loopline.autoconfigure.reactor;

import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;

/**
 * Lets an HTTP/1.1 connection read on after each answer. Reactor Netty 1.3.7 does so
 * itself, but not after a request that arrived before the one before it was over and was
 * then answered at once: it takes the end of that very request, which still waits in its
 * queue, for another one. The connection would hang. Safe for use by many threads.
 */
final class ReadOn implements ConnectionObserver {

	/**
	 * Reads unless the request has been read to its end, which has done the same. It does
	 * nothing if Reactor Netty has asked for it too.
	 */
	@Override
	public void onStateChange(Connection connection, State newState) {
		if (newState == State.DISCONNECTING) {
			Channel channel = connection.channel();
			if (channel.parent() instanceof ServerChannel && channel.isActive() && !channel.config().isAutoRead()) {
				channel.read();
			}
		}
	}

}
