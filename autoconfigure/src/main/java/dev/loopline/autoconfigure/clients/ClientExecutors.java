package dev.loopline.autoconfigure.clients;

import java.util.Iterator;
import java.util.concurrent.TimeUnit;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.AbstractEventExecutorGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.ImmediateEventExecutor;

import dev.loopline.autoconfigure.reactor.ContinuedWork;
import dev.loopline.runtime.netty.StrandEventLoopGroup;

/**
 * Executors for what clients do beside their connections, each a strand of the runtime's
 * current life. No client can end them. Safe for use by many threads.
 */
final class ClientExecutors extends AbstractEventExecutorGroup {

	private final ClientLoops loops;

	ClientExecutors(ClientLoops loops) {
		this.loops = loops;
	}

	/**
	 * Returns a strand for what the caller works for, if he does for a request: what
	 * comes for him is the same work.
	 */
	@Override
	public EventExecutor next() {
		EventLoopGroup group = this.loops.group();
		ContinuedWork work = ContinuedWork.current();
		return (work != null && group instanceof StrandEventLoopGroup strands)
				? strands.executorOn(work.newStrand(strands.runtime())) : group.next();
	}

	@Override
	public Iterator<EventExecutor> iterator() {
		return this.loops.group().iterator();
	}

	@Override
	public boolean isShuttingDown() {
		return false;
	}

	@Override
	public boolean isShutdown() {
		return false;
	}

	@Override
	public boolean isTerminated() {
		return false;
	}

	@Override
	public boolean awaitTermination(long timeout, TimeUnit unit) {
		return false;
	}

	@Override
	public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
		return ImmediateEventExecutor.INSTANCE.newSucceededFuture(null);
	}

	@Override
	@Deprecated
	public void shutdown() {
		// goes on for others
	}

	/**
	 * Returns a future that never completes: who stops the runtime stops these.
	 */
	@Override
	public Future<?> terminationFuture() {
		return GlobalEventExecutor.INSTANCE.newPromise();
	}

}
