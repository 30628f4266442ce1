package dev.loopline.runtime.netty;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import org.jspecify.annotations.Nullable;

/** The transports that the tests know, one of which a JVM tests. */
public enum TestTransport {

	EPOLL(EpollServerSocketChannel.class, EpollSocketChannel.class) {

		@Override
		IoHandlerFactory newHandlerFactory() {
			return EpollIoHandler.newFactory();
		}

		@Override
		public DatagramChannel newDatagramChannel(@Nullable SocketProtocolFamily family) {
			return new EpollDatagramChannel(family);
		}

	},

	IO_URING(IoUringServerSocketChannel.class, IoUringSocketChannel.class) {

		@Override
		IoHandlerFactory newHandlerFactory() {
			return IoUringIoHandler.newFactory();
		}

		@Override
		public DatagramChannel newDatagramChannel(@Nullable SocketProtocolFamily family) {
			return new IoUringDatagramChannel(family);
		}

	},

	NIO(NioServerSocketChannel.class, NioSocketChannel.class) {

		@Override
		IoHandlerFactory newHandlerFactory() {
			return NioIoHandler.newFactory();
		}

		@Override
		public DatagramChannel newDatagramChannel(@Nullable SocketProtocolFamily family) {
			return new NioDatagramChannel(family);
		}

	};

	private final Class<? extends ServerChannel> serverChannel;

	private final Class<? extends Channel> channel;

	TestTransport(Class<? extends ServerChannel> serverChannel, Class<? extends Channel> channel) {
		this.serverChannel = serverChannel;
		this.channel = channel;
	}

	/**
	 * The transport under test: {@code -Dloopline.testsuite.transport}, else epoll where
	 * it is available.
	 */
	public static TestTransport current() {
		String name = System.getProperty("loopline.testsuite.transport");
		if (name != null) {
			return valueOf(name.toUpperCase());
		}
		return Epoll.isAvailable() ? EPOLL : NIO;
	}

	/** Whether this machine offers the transport under test. */
	public static boolean isAvailable() {
		return current() != IO_URING || IoUring.isAvailable();
	}

	public Class<? extends ServerChannel> serverChannel() {
		return this.serverChannel;
	}

	public Class<? extends Channel> channel() {
		return this.channel;
	}

	abstract IoHandlerFactory newHandlerFactory();

	/** Makes a channel of a family, or of the one that Netty prefers. */
	public abstract DatagramChannel newDatagramChannel(@Nullable SocketProtocolFamily family);

}
