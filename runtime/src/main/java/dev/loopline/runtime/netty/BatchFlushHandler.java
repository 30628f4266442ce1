package dev.loopline.runtime.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;

import dev.loopline.runtime.StrandInstrumentation;
import dev.loopline.runtime.StrandIo;

/**
 * Holds a flush back until the other strands of the thread have had their turn, so that
 * the answers of many connections leave in a row. A receiver on the same machine is then
 * woken once for all of them, and the code of the network stack stays in the cache. To be
 * added to a channel as its first handler; does nothing if no other strand waits, and on
 * other event loops than those of {@link StrandEventLoopGroup}.
 */
public final class BatchFlushHandler extends ChannelDuplexHandler {

	private @Nullable ChannelHandlerContext context;

	private @Nullable StrandEventLoop loop;

	/** Whether a flush is held back. */
	private boolean held;

	/** Whether the next flush is not to be held back. */
	private boolean urgent;

	@Override
	public void handlerAdded(ChannelHandlerContext context) {
		this.context = context;
		if (context.channel().eventLoop() instanceof StrandEventLoop strandLoop) {
			this.loop = strandLoop;
		}
	}

	@Override
	public void handlerRemoved(ChannelHandlerContext context) {
		release();
	}

	@Override
	public void flush(ChannelHandlerContext context) {
		if (this.urgent) {
			this.urgent = false;
			this.held = false;
			context.flush();
		}
		else if (!this.held) {
			this.held = mayHold(context.channel());
			if (!this.held) {
				context.flush();
			}
		}
		else if (this.loop != null && StrandInstrumentation.isSlow(this.loop.strand())) {
			release(); // the poll that should be over by now may take long
		}
	}

	private boolean mayHold(Channel channel) {
		return this.loop != null && channel.isWritable() && StrandIo.executeLast(this.loop.strand(), this::release);
	}

	/**
	 * A full buffer is not kept waiting.
	 */
	@Override
	public void channelWritabilityChanged(ChannelHandlerContext context) {
		if (!context.channel().isWritable()) {
			release();
		}
		context.fireChannelWritabilityChanged();
	}

	/**
	 * At the end of the input Netty closes the channel within the same read: what was
	 * written before must have left by then.
	 */
	@Override
	@SuppressWarnings("deprecation") // the only way to learn of it in time
	public void channelReadComplete(ChannelHandlerContext context) {
		if (this.held && context.channel().unsafe().recvBufAllocHandle().lastBytesRead() < 0) {
			release();
		}
		context.fireChannelReadComplete();
	}

	@Override
	public void disconnect(ChannelHandlerContext context, ChannelPromise promise) {
		release();
		context.disconnect(promise);
	}

	@Override
	public void close(ChannelHandlerContext context, ChannelPromise promise) {
		release();
		context.close(promise);
	}

	/**
	 * Lets the next flush leave at once, with what is held back. Only for the event loop
	 * of the channel.
	 */
	public void hurry() {
		this.urgent = true;
	}

	/**
	 * Lets what is held back leave now. Only for the event loop of the channel.
	 */
	public void release() {
		if (this.held && this.context != null) {
			this.held = false;
			this.context.flush();
		}
	}

}
