package dev.loopline.runtime.netty;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollSocketChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.TaskRuntimeConfig;

/**
 * Writes two buffers at once over epoll and looks whether they arrive. Channels take
 * their scratch memory from {@link EpollScratch}, and how they come by it is an internal
 * matter of Netty that may change with its version.
 */
final class EpollTrial {

	private static final Logger logger = LoggerFactory.getLogger(EpollTrial.class);

	private static final int PATIENCE_MILLIS = 10_000;

	private EpollTrial() {
	}

	/**
	 * Returns why strands cannot use epoll, trying it out in the first call.
	 */
	static @Nullable Throwable failure() {
		return Outcome.FAILURE;
	}

	/**
	 * Tries a transport out. A trial that cannot take place proves nothing.
	 * @return why it failed
	 */
	static @Nullable Throwable run(TransportSupport support) {
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			TaskRuntimeConfig config = TaskRuntimeConfig.of((builder) -> builder.workers(1));
			TaskRuntime runtime = TaskRuntime.start(config, (token) -> new NettyIoDriver(token, support));
			try {
				StrandEventLoopGroup group = new StrandEventLoopGroup(runtime, Transport.EPOLL, support);
				ChannelFuture connected = connect(group, server);
				if (connected.isSuccess()) {
					return write(connected.channel(), server);
				}
				logger.debug("There was no trial of epoll", connected.cause());
			}
			finally {
				runtime.shutdown(Duration.ZERO, Duration.ofSeconds(1));
			}
		}
		catch (IOException | RuntimeException ex) {
			logger.debug("There was no trial of epoll", ex);
		}
		return null;
	}

	private static ChannelFuture connect(StrandEventLoopGroup group, ServerSocket server) {
		return new Bootstrap().group(group)
			.channel(EpollSocketChannel.class)
			.handler(new ChannelInboundHandlerAdapter())
			.connect(server.getLocalSocketAddress())
			.awaitUninterruptibly();
	}

	private static @Nullable Throwable write(Channel channel, ServerSocket server) {
		byte[] sent = { 1, 2 };
		ChannelFuture first = channel.write(Unpooled.wrappedBuffer(sent, 0, 1));
		channel.writeAndFlush(Unpooled.wrappedBuffer(sent, 1, 1));
		try (Socket peer = server.accept()) {
			peer.setSoTimeout(PATIENCE_MILLIS);
			if (!Arrays.equals(peer.getInputStream().readNBytes(sent.length), sent)) {
				first.awaitUninterruptibly(PATIENCE_MILLIS);
				return causeOf(first.cause());
			}
			return null;
		}
		catch (IOException ex) {
			return ex;
		}
	}

	/** Netty wraps what a write has thrown. */
	private static Throwable causeOf(@Nullable Throwable failure) {
		if (failure == null) {
			return new EOFException("What was written has not arrived");
		}
		return (failure.getCause() != null) ? failure.getCause() : failure;
	}

	/** The one trial in the life of the process. */
	private static final class Outcome {

		private static final @Nullable Throwable FAILURE = run(new EpollSupport());

		static {
			if (FAILURE != null) {
				logger.warn("Connections cannot use epoll, a trial write has failed: {}", FAILURE.toString());
			}
		}

	}

}
