package dev.loopline.autoconfigure.hardening;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2FrameCodec;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * Knows what a connection is waiting for and since when. First in the pipeline, where it
 * sees bytes. Belongs to the event loop of the connection, but for {@link #isSuspect}.
 */
final class WatchedConnection extends ChannelInboundHandlerAdapter {

	/*-
	 * What is waited for
	 * ------------------
	 *             first byte           HttpRequest          LastHttpContent
	 *   NOTHING -------------> HEADERS ------------> BODY -------------------> NOTHING
	 *
	 * A new connection waits for HEADERS. It is idle if it waits for NOTHING and every request has been answered: an
	 * event stream is a request that has not. A body is only waited for while the channel reads.
	 *
	 * The time is that of the last look of the watch, so that a request costs no reading of the clock. The watch looks
	 * from outside, sees values that may be old, and has the event loop look again before it closes anything.
	 *
	 * Without HTTP/1.1's codec it is HTTP/2, for which only idleness and what it does not take count, or
	 * something that was upgraded, as a WebSocket, for which only the latter does.
	 */

	enum Wait {

		NOTHING, HEADERS, BODY

	}

	private final ConnectionWatch watch;

	private final ConnectionLimits limits;

	private final Channel channel;

	private Wait wait = Wait.HEADERS;

	/** When that began; of a body and of nothing, when there was the last byte. */
	private long since;

	/** Requests that have not been answered. */
	private int open;

	/** Whether HTTP/1.1 was spoken. */
	private boolean http1;

	/** What waits to be written, as it was when some of it left last. */
	private long unwritten;

	private @Nullable Object head;

	private long headProgress;

	private long writeSince;

	WatchedConnection(ConnectionWatch watch, Channel channel) {
		this.watch = watch;
		this.limits = watch.limits();
		this.channel = channel;
		this.since = watch.now();
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		if (this.wait == Wait.NOTHING) {
			this.wait = Wait.HEADERS;
			this.since = this.watch.now();
		}
		context.fireChannelRead(message);
	}

	/** Also for a request that has just gone by. */
	void requestBegan() {
		this.http1 = true;
		this.open++;
		this.wait = Wait.BODY;
		this.since = this.watch.now();
	}

	void contentCame(boolean last) {
		this.wait = last ? Wait.NOTHING : Wait.BODY;
		this.since = this.watch.now();
	}

	void answerEnded() {
		this.open = Math.max(0, this.open - 1);
		this.since = this.watch.now();
	}

	/**
	 * Returns whether the event loop should look. For the watch.
	 */
	boolean isSuspect(long now) {
		ChannelOutboundBuffer buffer = this.channel.unsafe().outboundBuffer();
		long age = now - this.since;
		return buffer != null && buffer.totalPendingWriteBytes() > 0 || this.head != null
				|| isOver(age, this.limits.headerNanos()) && this.wait == Wait.HEADERS
				|| this.wait == Wait.BODY && (isOver(age, this.limits.bodyNanos()) || !isRead())
				|| isOver(age, this.limits.idleNanos());
	}

	/**
	 * Closes the connection if it has waited for too long.
	 */
	void check() {
		long now = this.watch.now();
		if (isStuck(now) || (isHttp1() ? isLate(now) : isIdleHttp2(now))) {
			this.channel.close();
		}
	}

	private boolean isHttp1() {
		ChannelPipeline pipeline = this.channel.pipeline();
		return pipeline.get(NettyPipeline.HttpCodec) != null
				|| !this.http1 && pipeline.get(Http2FrameCodec.class) == null;
	}

	private boolean isLate(long now) {
		if (this.wait == Wait.BODY && !isRead() || this.wait == Wait.HEADERS && this.open > 0) {
			this.since = now; // the client is not waited for yet
		}
		long age = now - this.since;
		return switch (this.wait) {
			case HEADERS -> isOver(age, this.limits.headerNanos());
			case BODY -> isOver(age, this.limits.bodyNanos());
			case NOTHING -> this.open == 0 && isOver(age, this.limits.idleNanos());
		};
	}

	/** Reactor Netty has the body read of itself only while somebody wants it. */
	private boolean isRead() {
		return this.channel.config().isAutoRead();
	}

	private boolean isIdleHttp2(long now) {
		Http2FrameCodec codec = this.channel.pipeline().get(Http2FrameCodec.class);
		if (codec == null || codec.connection().numActiveStreams() > 0) {
			this.since = now;
		}
		this.wait = Wait.NOTHING; // the next byte is a sign of life
		return isOver(now - this.since, this.limits.idleNanos());
	}

	/**
	 * Returns whether the client has taken nothing of what waits for it for too long.
	 */
	private boolean isStuck(long now) {
		ChannelOutboundBuffer buffer = this.channel.unsafe().outboundBuffer();
		Object head = (buffer != null) ? buffer.current() : null;
		if (buffer == null || head == null) {
			this.head = null;
			return false;
		}
		long progress = buffer.currentProgress();
		long unwritten = buffer.totalPendingWriteBytes();
		if (head != this.head || progress != this.headProgress || unwritten < this.unwritten) {
			this.writeSince = now;
		}
		this.head = head;
		this.headProgress = progress;
		this.unwritten = unwritten;
		return isOver(now - this.writeSince, this.limits.writeNanos());
	}

	private static boolean isOver(long age, long limit) {
		return limit > 0 && age > limit;
	}

	Channel channel() {
		return this.channel;
	}

}
