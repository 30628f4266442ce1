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

	private final SlowRoutes slowRoutes;

	RequestStrands(Supplier<TaskRuntime> runtime, boolean strandPerStream, BlockingRoutes blockingRoutes,
			SlowRoutes slowRoutes) {
		this.runtime = runtime;
		this.strandPerStream = strandPerStream;
		this.blockingRoutes = blockingRoutes;
		this.slowRoutes = slowRoutes;
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
			return listed(this.runtime.get().newBlockingStrand(), request, null);
		}
		Channel connection = this.strandPerStream ? sharedConnection(request) : null;
		if (connection != null) {
			gatherWrites(connection);
		}
		LearnedRoute route = this.slowRoutes.find(request);
		if (route == null) {
			return (connection != null) ? listed(this.runtime.get().newStrand(), request, null) : null;
		}
		boolean probe = route.isProbeNext();
		return listed(route.newStrand(this.runtime.get(), probe), request, probe ? route : null);
	}

	private RequestStrand listed(Strand strand, ServerHttpRequest request, @Nullable LearnedRoute probed) {
		return new RequestStrand(strand, new RequestName(channel(request)), probed, this.slowRoutes).listed();
	}

	/**
	 * Returns the connection of a request that shares it with others.
	 */
	private static @Nullable Channel sharedConnection(ServerHttpRequest request) {
		Channel channel = channel(request);
		Channel connection = (channel != null) ? channel.parent() : null;
		// Of a request that has its connection for itself this is the server's socket
		return (connection instanceof ServerChannel) ? null : connection;
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
