package dev.loopline.autoconfigure.clients;

import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.ServerSocketChannel;
import org.springframework.grpc.server.ServerBuilderCustomizer;

/**
 * Puts gRPC's server on the runtime: each connection is a strand, and each call another
 * one, unless the application has an executor for them.
 */
final class GrpcServers implements ServerBuilderCustomizer<NettyServerBuilder> {

	private final ClientLoops loops;

	private final ClientWork work;

	private final boolean calls;

	GrpcServers(ClientLoops loops, ClientWork work, boolean calls) {
		this.loops = loops;
		this.work = work;
		this.calls = calls;
	}

	@Override
	public void customize(NettyServerBuilder server) {
		EventLoopGroup group = this.loops.group();
		server.bossEventLoopGroup(group)
			.workerEventLoopGroup(group)
			.channelType(this.loops.onChannelClass(ServerSocketChannel.class, group));
		if (this.calls) {
			server.executor(this.work).callExecutor(new GrpcCalls(this.work));
		}
	}

}
