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
		RequestStrand own = newStrandFor(request);
		Strand current = (own != null) ? Strand.current() : null;
		if (own != null && current != null) {
			own.strand().continueFrom(current);
		}
		return own;
	}

	private @Nullable RequestStrand newStrandFor(ServerHttpRequest request) {
		if (!this.blockingRoutes.isEmpty() && this.blockingRoutes.match(request.getPath().pathWithinApplication())) {
			return new RequestStrand(this.runtime.get().newBlockingStrand(), new RequestName(channel(request)), null,
					this.slowPaths)
				.listed();
		}
		Channel channel = this.strandPerStream ? channel(request) : null;
		Channel connection = (channel != null) ? channel.parent() : null;
		// Of a request that has its connection for itself this is the server's socket
		if (connection == null || connection instanceof ServerChannel) {
			return null;
		}
		gatherWrites(connection);
		return newStrand(request.getPath().value(), new RequestName(channel)).listed();
	}

	private RequestStrand newStrand(String path, RequestName name) {
		TaskRuntime runtime = this.runtime.get();
		Strand example = this.slowPaths.exampleFor(path);
		return (example != null) ? new RequestStrand(runtime.newSlowStrand(example), name, null, this.slowPaths)
				: new RequestStrand(runtime.newStrand(), name, path, this.slowPaths);
	}

	private static @Nullable Channel channel(ServerHttpRequest request) {
		return (ServerHttpRequestDecorator.getNativeRequest(request) instanceof Connection own) ? own.channel() : null;
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
