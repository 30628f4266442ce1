package dev.loopline.autoconfigure.reactor;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

import dev.loopline.runtime.netty.StrandEventLoopGroup;

/**
 * {@link LoopResources} that give every connection an event loop of its own. Safe for use
 * by many threads.
 */
final class StrandLoopResources implements LoopResources {

	private final StrandEventLoopGroup group;

	private volatile boolean disposed;

	/**
	 * Creates resources.
	 * @param group the event loops
	 * @param death run when they end and nobody has disposed of the resources
	 */
	StrandLoopResources(StrandEventLoopGroup group, Runnable death) {
		this.group = group;
		group.terminationFuture().addListener((ended) -> {
			if (!this.disposed) {
				death.run();
			}
		});
	}

	@Override
	public EventLoopGroup onServer(boolean useNative) {
		return this.group;
	}

	@Override
	public <C extends Channel> C onChannel(Class<C> type, EventLoopGroup group) {
		return DomainSockets.prepare(LoopResources.super.onChannel(type, group));
	}

	@Override
	public boolean daemon() {
		return true;
	}

	@Override
	public boolean isDisposed() {
		return this.group.isShuttingDown();
	}

	@Override
	public Mono<Void> disposeLater(Duration quietPeriod, Duration timeout) {
		this.disposed = true;
		return Mono.create((sink) -> {
			// What is too long for nanoseconds is the longest time that there is
			Future<?> ended = this.group.shutdownGracefully(TimeUnit.NANOSECONDS.convert(quietPeriod),
					TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
			ended.addListener((future) -> sink.success());
		});
	}

}
