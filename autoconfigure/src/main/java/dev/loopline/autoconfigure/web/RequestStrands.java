package dev.loopline.autoconfigure.web;

import java.util.function.Supplier;

import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import reactor.netty.Connection;

import dev.loopline.runtime.Strand;
import dev.loopline.runtime.TaskRuntime;

/**
 * Decides which requests get strands of their own. Safe for use by many threads.
 */
final class RequestStrands {

	private final Supplier<TaskRuntime> runtime;

	private final boolean strandPerStream;

	private final BlockingRoutes blockingRoutes;

	RequestStrands(Supplier<TaskRuntime> runtime, boolean strandPerStream, BlockingRoutes blockingRoutes) {
		this.runtime = runtime;
		this.strandPerStream = strandPerStream;
		this.blockingRoutes = blockingRoutes;
	}

	/**
	 * Makes a strand for a request.
	 * @return {@code null} if the connection's strand handles it
	 */
	@Nullable Strand strandFor(ServerHttpRequest request) {
		if (!this.blockingRoutes.isEmpty() && this.blockingRoutes.match(request.getPath().pathWithinApplication())) {
			return this.runtime.get().newBlockingStrand();
		}
		return (this.strandPerStream && isMultiplexed(request)) ? this.runtime.get().newStrand() : null;
	}

	/**
	 * Returns whether the request shares its connection with others: the parent of its
	 * channel is then a connection and not the server's socket.
	 */
	private static boolean isMultiplexed(ServerHttpRequest request) {
		if (!(ServerHttpRequestDecorator.getNativeRequest(request) instanceof Connection connection)) {
			return false;
		}
		Channel parent = connection.channel().parent();
		return parent != null && !(parent instanceof ServerChannel);
	}

}
