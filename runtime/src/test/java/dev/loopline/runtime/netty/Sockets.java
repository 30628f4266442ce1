package dev.loopline.runtime.netty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;

import dev.loopline.runtime.Await;

/** A group of the transport under test, and channels on the loopback interface. */
final class Sockets implements AutoCloseable {

	final IoEventLoopGroup group = TestGroups.newGroup(TestTransport.current(), 2);

	static ServerBootstrap server(IoEventLoopGroup group) {
		return new ServerBootstrap().group(group)
			.channel(TestTransport.current().serverChannel())
			.localAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
	}

	static Bootstrap client(EventLoopGroup group) {
		return new Bootstrap().group(group).channel(TestTransport.current().channel());
	}

	ServerBootstrap server() {
		return server(this.group);
	}

	Bootstrap client() {
		return client(this.group);
	}

	Channel listen(ChannelHandler childHandler) throws InterruptedException {
		return server().childHandler(childHandler).bind().sync().channel();
	}

	Channel connect(SocketAddress address, ChannelHandler handler) throws InterruptedException {
		return client().handler(handler).connect(address).sync().channel();
	}

	@Override
	public void close() throws Exception {
		this.group.shutdownGracefully(0, 5, TimeUnit.SECONDS);
		Await.until("group terminated", this.group::isTerminated);
	}

}
