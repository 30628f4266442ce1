package dev.loopline.autoconfigure.web;

import java.util.concurrent.RejectedExecutionException;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2StreamChannel;
import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.Strand;
import dev.loopline.runtime.StrandInstrumentation;
import dev.loopline.runtime.StrandKind;
import dev.loopline.runtime.stall.WorkContext;

/**
 * The strand of one request, which is listed as a stream. Told of the end of the request,
 * it takes the strand off the list and tells the slow routes how it went.
 *
 * @param strand the strand
 * @param channel the request's connection, or its stream of one
 * @param name what it is listed as
 * @param siblings the other requests of the connection
 * @param learned the slow route that it was found to be of, if any
 * @param routes the slow routes
 * @param line where it waits for a thread if it may have to
 */
record RequestStrand(Strand strand, Channel channel, RequestName name, ConnectionExchanges siblings,
		@Nullable LearnedRoute learned, SlowRoutes routes, @Nullable RouteLine line) {

	RequestStrand listed() {
		StrandInstrumentation.enlist(this.strand, StrandKind.STREAM, this.name);
		return this;
	}

	/**
	 * Returns whether the requests of the connection come one after the other.
	 */
	boolean inOrder() {
		return !(this.channel instanceof Http2StreamChannel);
	}

	/**
	 * Tells the client of a stream that its answer will not be complete. Any other sees
	 * its connection end.
	 */
	void reset() {
		if (!inOrder()) {
			this.channel.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR));
		}
	}

	/**
	 * Ends the request.
	 * @param cancelled whether the client went away; the handler may still keep a thread
	 * then, which is worth seeing
	 */
	void end(boolean cancelled) {
		if (!cancelled || !execute(() -> StrandInstrumentation.delist(this.strand, this.name))) {
			StrandInstrumentation.delist(this.strand, this.name);
		}
		Boolean stalled = (this.learned != null && !cancelled) ? StrandInstrumentation.hasStalled(this.strand) : null;
		if (this.learned != null && stalled != null) {
			this.routes.ended(this.learned, stalled);
		}
	}

	/**
	 * Runs something behind what the strand runs now.
	 * @return {@code false} if the runtime has ended
	 */
	boolean execute(Runnable task) {
		try {
			this.strand.execute(task);
			return true;
		}
		catch (RejectedExecutionException ex) {
			return false;
		}
	}

	@Override
	public String toString() {
		WorkContext context = StrandInstrumentation.context(this.strand);
		return (context != null) ? context.toString() : "A request from " + this.name;
	}

}
