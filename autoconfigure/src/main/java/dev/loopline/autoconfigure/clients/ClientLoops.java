package dev.loopline.autoconfigure.clients;

import java.time.Duration;
import java.util.function.Supplier;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import org.springframework.beans.factory.DisposableBean;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpResources;

import dev.loopline.autoconfigure.reactor.DomainSockets;
import dev.loopline.autoconfigure.reactor.ResolverCache;

/**
 * The event loops of an application context, for clients: always those of the runtime's
 * current life, and no client can end them. Safe for use by many threads.
 */
final class ClientLoops implements LoopResources, DisposableBean {

	private final Supplier<LoopResources> loops;

	/**
	 * Creates loops.
	 * @param loops returns those of now, and throws if the context has been stopped
	 */
	ClientLoops(Supplier<LoopResources> loops) {
		this.loops = loops;
	}

	/**
	 * Returns the group that makes the loops.
	 * @return the group of now: another one when the context was stopped and started
	 * @throws IllegalStateException if the context has been stopped
	 */
	EventLoopGroup group() {
		return this.loops.get().onClient(true);
	}

	/**
	 * Returns the loops of now, or those of the JVM while the context is stopped: its
	 * beans may connect then.
	 */
	@Override
	public EventLoopGroup onClient(boolean useNative) {
		try {
			return group();
		}
		catch (IllegalStateException ex) {
			return TcpResources.get().onClient(useNative);
		}
	}

	@Override
	public EventLoopGroup onServer(boolean useNative) {
		return group();
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
	public Mono<Void> disposeLater(Duration quietPeriod, Duration timeout) {
		return Mono.empty();
	}

	/** A cache of the JVM would keep the context. */
	@Override
	public void destroy() {
		ResolverCache.forget(this);
	}

}
