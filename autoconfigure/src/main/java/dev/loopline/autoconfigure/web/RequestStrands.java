package dev.loopline.autoconfigure.web;

import java.util.function.Supplier;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ServerChannel;
import io.netty.handler.flush.FlushConsolidationHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import reactor.netty.Connection;

import dev.loopline.runtime.Strand;
import dev.loopline.runtime.TaskRuntime;
import dev.loopline.runtime.netty.StrandEventLoopGroup;

/**
 * Decides which requests get strands of their own. Safe for use by many threads.
 */
final class RequestStrands {

	private final Supplier<TaskRuntime> runtime;

	private final boolean strandPerStream;

	private final BlockingRoutes blockingRoutes;

	private final SlowPaths slowPaths = new SlowPaths();

	RequestStrands(Supplier<TaskRuntime> runtime, boolean strandPerStream, BlockingRoutes blockingRoutes) {
		this.runtime = runtime;
		this.strandPerStream = strandPerStream;
		this.blockingRoutes = blockingRoutes;
	}

	/**
	 * Makes a strand for a request.
	 * @return {@code null} if the connection's strand handles it
	 */
	@Nullable RequestStrand strandFor(ServerHttpRequest request) {
		if (!this.blockingRoutes.isEmpty() && this.blockingRoutes.match(request.getPath().pathWithinApplication())) {
			return new RequestStrand(this.runtime.get().newBlockingStrand(), null, this.slowPaths);
		}
		Channel connection = this.strandPerStream ? multiplexedConnection(request) : null;
		if (connection == null) {
			return null;
		}
		gatherWrites(connection);
		return newStrand(request.getPath().value());
	}

	private RequestStrand newStrand(String path) {
		TaskRuntime runtime = this.runtime.get();
		Strand example = this.slowPaths.exampleFor(path);
		return (example != null) ? new RequestStrand(runtime.newSlowStrand(example), null, this.slowPaths)
				: new RequestStrand(runtime.newStrand(), path, this.slowPaths);
	}

	/**
	 * Returns the connection of a request that shares it with others: the parent of its
	 * channel is then that connection and not the server's socket.
	 */
	private static @Nullable Channel multiplexedConnection(ServerHttpRequest request) {
		if (!(ServerHttpRequestDecorator.getNativeRequest(request) instanceof Connection stream)) {
			return null;
		}
		Channel parent = stream.channel().parent();
		return (parent instanceof ServerChannel) ? null : parent;
	}

	/**
	 * Lets the connection write the responses of many streams at once. Without streams on
	 * strands of their own all were written and flushed within the read that brought the
	 * requests.
	 */
	private static void gatherWrites(Channel connection) {
		ChannelPipeline pipeline = connection.pipeline();
		if (pipeline.first() instanceof FlushConsolidationHandler
				|| pipeline.get(FlushConsolidationHandler.class) != null) {
			return;
		}
		pipeline.addFirst(
				new FlushConsolidationHandler(FlushConsolidationHandler.DEFAULT_EXPLICIT_FLUSH_AFTER_FLUSHES, true));
		Strand strand = StrandEventLoopGroup.strandOf(connection.eventLoop());
		if (strand != null) {
			strand.gather();
		}
	}

}
