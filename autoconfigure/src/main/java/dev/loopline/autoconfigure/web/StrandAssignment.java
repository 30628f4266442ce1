package dev.loopline.autoconfigure.web;

import java.util.HashMap;
import java.util.Map;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ServerChannel;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.flush.FlushConsolidationHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.util.pattern.PathPattern;

import dev.loopline.autoconfigure.TaskRuntimeLifecycle;
import dev.loopline.autoconfigure.TaskRuntimeProperties;
import dev.loopline.runtime.Priority;
import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;
import dev.loopline.runtime.StrandOptions;
import dev.loopline.runtime.netty.StrandEventLoopGroup;

/**
 * Decides which requests get strands of their own. Safe for use by many threads.
 */
final class StrandAssignment {

	private final TaskRuntimeLifecycle lifecycle;

	private final boolean strandPerStream;

	private final boolean allowBlock;

	private final BlockingRoutes blockingRoutes;

	/** Those of the blocking routes. */
	private final Map<PathPattern, RouteLine> lines = new HashMap<>();

	private final SlowRoutes slowRoutes;

	/** Whether a request that had its connection for itself has had a strand. */
	private volatile boolean usedInOrder;

	StrandAssignment(TaskRuntimeLifecycle lifecycle, TaskRuntimeProperties properties, BlockingRoutes blockingRoutes,
			SlowRoutes slowRoutes, LineLimits limits) {
		this.lifecycle = lifecycle;
		this.strandPerStream = properties.getWeb().isStrandPerStream();
		this.allowBlock = properties.getBlocking().isAllowBlock();
		this.blockingRoutes = blockingRoutes;
		this.slowRoutes = slowRoutes;
		blockingRoutes.patterns()
			.forEach((pattern) -> this.lines.put(pattern, new RouteLine(pattern.getPatternString(), limits)));
	}

	/**
	 * Makes a strand for a request.
	 * @return {@code null} if the connection's strand handles it, or no strand brought it
	 */
	@Nullable RequestStrand strandFor(ServerHttpRequest request) {
		Strand current = Strand.current();
		Channel channel = (current != null) ? RequestChannel.of(request) : null;
		if (current == null || channel == null) {
			return null;
		}
		RequestStrand own = newStrandFor(request, channel);
		if (own != null) {
			StrandInstrumentation.continueFrom(own.strand(), current);
			if (current.priority() == Priority.HIGH) {
				own.strand().setPriority(Priority.HIGH);
			}
			this.usedInOrder |= own.inOrder();
		}
		return own;
	}

	private @Nullable RequestStrand newStrandFor(ServerHttpRequest request, Channel channel) {
		PathPattern known = this.blockingRoutes.isEmpty() ? null
				: this.blockingRoutes.match(request.getPath().pathWithinApplication());
		if (known != null) {
			return listed(this.lifecycle.runtime().newStrand(StrandOptions.DEFAULTS.blocking().route(known)), channel,
					null, this.lines.get(known));
		}
		Channel connection = this.strandPerStream ? sharedConnection(channel) : null;
		if (connection != null) {
			gatherWrites(connection);
		}
		LearnedRoute route = this.slowRoutes.find(request);
		if (route != null) {
			return listed(route.newStrand(this.lifecycle.runtime()), channel, route, route.line());
		}
		AnswerGate gate = AnswerGate.of(request);
		boolean needed = connection != null || this.allowBlock && hasBody(request)
				|| gate != null && gate.isForOwnStrand();
		return needed ? listed(this.lifecycle.runtime().newStrand(), channel, null, null) : null;
	}

	private RequestStrand listed(Strand strand, Channel channel, @Nullable LearnedRoute learned,
			@Nullable RouteLine line) {
		Channel connection = sharedConnection(channel);
		if (channel instanceof Http2StreamChannel) {
			channel.pipeline().addFirst(new StreamErrorHandler());
		}
		return new RequestStrand(strand, channel, new RequestName(channel),
				ConnectionExchanges.of((connection != null) ? connection : channel), learned, this.slowRoutes, line)
			.listed();
	}

	/**
	 * Returns the requests before this one that a request must wait for which its
	 * connection's strand handles.
	 * @return {@code null} if nothing of them runs any more
	 */
	@Nullable ConnectionExchanges before(ServerHttpRequest request) {
		Channel channel = this.usedInOrder ? RequestChannel.of(request) : null;
		ConnectionExchanges before = (channel != null) ? ConnectionExchanges.find(channel) : null;
		return (before != null && before.isBusy()) ? before : null;
	}

	/**
	 * A handler that waits for its request's body can only get it if its connection goes
	 * on meanwhile.
	 */
	private static boolean hasBody(ServerHttpRequest request) {
		HttpHeaders headers = request.getHeaders();
		return headers.getContentLength() > 0 || headers.containsHeader(HttpHeaders.TRANSFER_ENCODING);
	}

	/**
	 * Returns the connection of a request that shares it with others.
	 */
	private static @Nullable Channel sharedConnection(Channel channel) {
		Channel connection = channel.parent();
		// Of a request that has its connection for itself this is the server's socket
		return (connection instanceof ServerChannel) ? null : connection;
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
			StrandInstrumentation.gather(strand);
		}
	}

}
