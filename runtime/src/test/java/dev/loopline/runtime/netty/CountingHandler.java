package dev.loopline.runtime.netty;

import java.util.zip.CRC32;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;

/** Counts and sums up bytes, and runs an action when the expected number has come. */
class CountingHandler extends SimpleChannelInboundHandler<ByteBuf> {

	private final long expected;

	private final Runnable whenComplete;

	private final CRC32 checksum = new CRC32();

	private volatile long count;

	CountingHandler(long expected, Runnable whenComplete) {
		this.expected = expected;
		this.whenComplete = whenComplete;
	}

	@Override
	protected void channelRead0(ChannelHandlerContext ctx, ByteBuf buffer) {
		this.checksum.update(buffer.nioBuffer());
		long newCount = this.count + buffer.readableBytes();
		this.count = newCount;
		if (newCount == this.expected) {
			this.whenComplete.run();
		}
	}

	/** The number of bytes that have come. */
	long count() {
		return this.count;
	}

	/** The checksum of the bytes that {@link #count()} has last told of. */
	long checksum() {
		return this.checksum.getValue();
	}

}
