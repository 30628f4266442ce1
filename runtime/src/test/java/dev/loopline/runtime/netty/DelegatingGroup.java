package dev.loopline.runtime.netty;

import java.util.Iterator;
import java.util.concurrent.TimeUnit;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.util.concurrent.AbstractEventExecutorGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;

/**
 * A group that places channels in its own way on the loops of another one.
 */
abstract class DelegatingGroup extends AbstractEventExecutorGroup implements IoEventLoopGroup {

	private final IoEventLoopGroup delegate;

	DelegatingGroup(IoEventLoopGroup delegate) {
		this.delegate = delegate;
	}

	@Override
	public abstract IoEventLoop next();

	@Override
	@Deprecated
	public ChannelFuture register(Channel channel, ChannelPromise promise) {
		return next().register(promise);
	}

	@Override
	public boolean isShuttingDown() {
		return this.delegate.isShuttingDown();
	}

	@Override
	public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
		return this.delegate.shutdownGracefully(quietPeriod, timeout, unit);
	}

	@Override
	public Future<?> terminationFuture() {
		return this.delegate.terminationFuture();
	}

	@Override
	@Deprecated
	public void shutdown() {
		this.delegate.shutdown();
	}

	@Override
	public Iterator<EventExecutor> iterator() {
		return this.delegate.iterator();
	}

	@Override
	public boolean isShutdown() {
		return this.delegate.isShutdown();
	}

	@Override
	public boolean isTerminated() {
		return this.delegate.isTerminated();
	}

	@Override
	public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
		return this.delegate.awaitTermination(timeout, unit);
	}

}
