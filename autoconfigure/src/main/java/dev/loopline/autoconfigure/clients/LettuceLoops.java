package dev.loopline.autoconfigure.clients;

import java.util.concurrent.TimeUnit;

import io.lettuce.core.resource.EventLoopGroupProvider;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;

/**
 * Gives Lettuce the event loops of an application context, which it cannot end. Safe for
 * use by many threads.
 */
final class LettuceLoops implements EventLoopGroupProvider {

	private final ClientLoops loops;

	LettuceLoops(ClientLoops loops) {
		this.loops = loops;
	}

	/**
	 * Returns a group that is not of the type asked for: Lettuce uses it as any group.
	 */
	@Override
	@SuppressWarnings({ "unchecked", "TypeParameterUnusedInFormals" })
	public <T extends EventLoopGroup> T allocate(Class<T> type) {
		return (T) this.loops.group();
	}

	@Override
	public int threadPoolSize() {
		return Runtime.getRuntime().availableProcessors();
	}

	@Override
	public Future<Boolean> release(EventExecutorGroup group, long quietPeriod, long timeout, TimeUnit unit) {
		return ImmediateEventExecutor.INSTANCE.newSucceededFuture(true);
	}

	@Override
	public Future<Boolean> shutdown(long quietPeriod, long timeout, TimeUnit unit) {
		return ImmediateEventExecutor.INSTANCE.newSucceededFuture(true);
	}

}
